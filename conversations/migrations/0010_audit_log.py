import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0009_site_settings"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditChain",
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
                ("length", models.PositiveBigIntegerField(default=0)),
                ("last_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "end of the audit log",
                "verbose_name_plural": "end of the audit log",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="audit_chain_is_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "number",
                    models.PositiveBigIntegerField(
                        primary_key=True, serialize=False, verbose_name="number"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="when",
                    ),
                ),
                ("actor_id", models.BigIntegerField(null=True)),
                (
                    "actor_name",
                    models.CharField(blank=True, max_length=200, verbose_name="who"),
                ),
                ("verb", models.CharField(max_length=64, verbose_name="what was done")),
                (
                    "target_kind",
                    models.CharField(blank=True, max_length=64, verbose_name="kind"),
                ),
                (
                    "target_id",
                    models.CharField(blank=True, max_length=64, verbose_name="its id"),
                ),
                (
                    "target_name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="its name"
                    ),
                ),
                (
                    "changes",
                    models.JSONField(blank=True, default=dict, verbose_name="changes"),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("hash", models.CharField(max_length=64, verbose_name="seal")),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-number"],
                "indexes": [
                    models.Index(fields=["verb", "-number"], name="audit_verb"),
                    models.Index(
                        fields=["target_kind", "target_id", "-number"],
                        name="audit_target",
                    ),
                ],
            },
        ),
    ]
