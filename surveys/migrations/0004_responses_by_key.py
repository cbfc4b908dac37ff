import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0003_questionnaires'),
    ]

    operations = [
        migrations.AlterField(
            model_name='response',
            name='campaign',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.campaign'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['campaign', 'id'], name='responses_by_key'),
        ),
    ]
