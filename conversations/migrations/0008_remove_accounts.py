import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import conversations.models.users


class Migration(migrations.Migration):
    dependencies = [("conversations", "0007_order")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="removed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=conversations.models.users.site_languages,
                max_length=16,
                verbose_name="language",
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="archived_at",
            field=models.DateTimeField(null=True, verbose_name="archived at"),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="created_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                editable=False,
                verbose_name="begun at",
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="deleted_at",
            field=models.DateTimeField(null=True, verbose_name="in the bin since"),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="conversations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="persona",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="conversations.persona",
                verbose_name="persona",
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="replied_at",
            field=models.DateTimeField(null=True, verbose_name="last reply ended at"),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="updated_at",
            field=models.DateTimeField(verbose_name="last message at"),
        ),
        migrations.AlterField(
            model_name="generation",
            name="cached_tokens",
            field=models.PositiveIntegerField(null=True, verbose_name="cached tokens"),
        ),
        migrations.AlterField(
            model_name="generation",
            name="completion_tokens",
            field=models.PositiveIntegerField(
                null=True, verbose_name="completion tokens"
            ),
        ),
        migrations.AlterField(
            model_name="generation",
            name="ended_at",
            field=models.DateTimeField(null=True, verbose_name="ended at"),
        ),
        migrations.AlterField(
            model_name="generation",
            name="finish_reason",
            field=models.CharField(
                blank=True, max_length=32, verbose_name="finish reason"
            ),
        ),
        migrations.AlterField(
            model_name="generation",
            name="heartbeat_at",
            field=models.DateTimeField(null=True, verbose_name="last sign of life"),
        ),
        migrations.AlterField(
            model_name="generation",
            name="model_name",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="model's own name"
            ),
        ),
        migrations.AlterField(
            model_name="generation",
            name="persona_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="conversations.personaversion",
                verbose_name="persona version",
            ),
        ),
        migrations.AlterField(
            model_name="generation",
            name="prompt_tokens",
            field=models.PositiveIntegerField(null=True, verbose_name="prompt tokens"),
        ),
        migrations.AlterField(
            model_name="generation",
            name="reasoning_tokens",
            field=models.PositiveIntegerField(
                null=True, verbose_name="reasoning tokens"
            ),
        ),
        migrations.AlterField(
            model_name="generation",
            name="started_at",
            field=models.DateTimeField(null=True, verbose_name="started at"),
        ),
        migrations.AlterField(
            model_name="provider",
            name="source",
            field=models.CharField(
                choices=[
                    ("environment", "The site's environment"),
                    ("admin", "This page"),
                ],
                default="admin",
                editable=False,
                max_length=16,
                verbose_name="set in",
            ),
        ),
    ]
