# Of two versions that begin on the same day the one made last holds.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("workflows", "0002_open_steps_of_root")]

    operations = [
        migrations.AlterField(
            model_name="deadlinepolicy",
            name="holds_from",
            field=models.DateTimeField(db_index=True, verbose_name="holds from"),
        ),
    ]
