from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conversations", "0027_participants_pin_archive")]

    operations = [migrations.AlterModelManagers(name="user", managers=[])]
