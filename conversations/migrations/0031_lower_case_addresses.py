from django.db import migrations
from django.db.models.functions import Lower


def lower_addresses(apps, schema_editor):
    """In small letters: so they are looked for when somebody signs in by one."""
    users = apps.get_model("conversations", "User").objects
    users.filter(email__regex="[A-Z]").update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("conversations", "0030_most_days")]

    operations = [migrations.RunPython(lower_addresses, migrations.RunPython.noop)]
