import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0006_transfer_attempts"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="arranged_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="folder",
            name="changed_at",
            field=models.DateTimeField(
                db_default=Now(), default=django.utils.timezone.now
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="folder",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="conversations",
                to="conversations.folder",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("archived_at", None),
                    ("deleted_at", None),
                    ("expires_at", None),
                    ("folder", None),
                    ("pinned_at", None),
                ),
                name="conversation_loose",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("folder"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="conversation_in_folder",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("pinned_at"), descending=True),
                condition=models.Q(("pinned_at__isnull", False)),
                name="conversation_pinned",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("archived_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("archived_at__isnull", False)),
                name="conversation_archive",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("deleted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at__isnull", False)),
                name="conversation_own_bin",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("owner"),
                models.F("arranged_at"),
                condition=models.Q(("arranged_at__isnull", False)),
                name="conversation_arranged",
            ),
        ),
    ]
