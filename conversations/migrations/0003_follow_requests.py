from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_first_personas")]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="trace_id",
            field=models.CharField(
                blank=True, db_default="", max_length=64, verbose_name="id in the log"
            ),
        ),
    ]
