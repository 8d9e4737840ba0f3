import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0018_budget_failures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
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
                ("message_id", models.BigIntegerField(null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("dangerous", "Dangerous or against the law"),
                            ("hateful", "Hateful or harassing"),
                            ("sexual", "Sexual"),
                            ("personal", "Shows somebody’s personal data"),
                            ("wrong", "Wrong in a harmful way"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                (
                    "note",
                    models.TextField(blank=True, max_length=2000, verbose_name="note"),
                ),
                ("content", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Received"),
                            ("resolved", "Acted upon"),
                            ("dismissed", "Looked at; nothing was done"),
                        ],
                        default="open",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(null=True, verbose_name="closed at"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="reported at",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="conversations.conversation",
                        verbose_name="conversation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "persona",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="conversations.persona",
                        verbose_name="persona",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["state", "-created_at"], name="report_state")
                ],
            },
        ),
    ]
