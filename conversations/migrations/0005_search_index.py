from django.db import migrations

from conversations.search.engines import engine_of


def create(apps, schema_editor):
    engine_of(schema_editor.connection).create(schema_editor.connection)


def drop(apps, schema_editor):
    engine_of(schema_editor.connection).drop(schema_editor.connection)


class Migration(migrations.Migration):
    """The tables of the search. What fills them is attached after every migration."""

    dependencies = [("conversations", "0004_order_shares_transfers")]

    operations = [migrations.RunPython(create, drop)]
