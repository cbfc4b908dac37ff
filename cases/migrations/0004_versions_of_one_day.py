# Of two versions that begin on the same day the one made last holds.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0003_search_index")]

    operations = [
        migrations.AlterField(
            model_name="casepolicy",
            name="holds_from",
            field=models.DateTimeField(db_index=True, verbose_name="holds from"),
        ),
    ]
