import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0014_notices"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="conversation",
            options={
                "permissions": [
                    ("read_conversation", "Can read the conversations of others")
                ],
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
            },
        ),
        migrations.CreateModel(
            name="ChatRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("conversation_id", models.UUIDField()),
                ("owner_id", models.BigIntegerField()),
                ("reader_id", models.BigIntegerField()),
                (
                    "reader_name",
                    models.CharField(max_length=200, verbose_name="who read"),
                ),
                ("reason", models.TextField(max_length=1000, verbose_name="reason")),
                (
                    "begun_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="when",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of a conversation",
                "verbose_name_plural": "readings of conversations",
                "ordering": ["-begun_at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["owner_id", "-begun_at"], name="chat_read_of_owner"
                    ),
                    models.Index(
                        fields=["conversation_id", "-begun_at"],
                        name="chat_read_of_chat",
                    ),
                    models.Index(
                        fields=["reader_id", "-begun_at"], name="chat_read_by"
                    ),
                ],
            },
        ),
    ]
