from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0005_search_index")]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
