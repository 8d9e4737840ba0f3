import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("conversations", "0020_identity_providers"),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupRetention",
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
                (
                    "days",
                    models.PositiveIntegerField(
                        help_text="Counted from the last message; then they are erased. It counts in place of what the site says. Who is in several groups has the fewest days.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="days conversations are kept",
                    ),
                ),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="retention",
                        to="auth.group",
                        verbose_name="group",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention of a group",
                "verbose_name_plural": "retention of groups",
                "ordering": ["group__name"],
            },
        ),
    ]
