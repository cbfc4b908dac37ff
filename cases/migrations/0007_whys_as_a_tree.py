"""The 5-Why chain becomes an outline: each sentence one deeper than the one before."""

from django.db import migrations


def chain_to_tree(apps, schema_editor):
    for name in ("CorrectiveAction", "HistoricalCorrectiveAction"):
        model = apps.get_model("cases", name)
        for row in model.objects.exclude(whys=[]).iterator(500):
            if row.whys and isinstance(row.whys[0], str):
                tree = [[depth, why] for depth, why in enumerate(row.whys)]
                model.objects.filter(pk=row.pk).update(whys=tree)


def tree_to_chain(apps, schema_editor):
    for name in ("CorrectiveAction", "HistoricalCorrectiveAction"):
        model = apps.get_model("cases", name)
        for row in model.objects.exclude(whys=[]).iterator(500):
            if row.whys and not isinstance(row.whys[0], str):
                chain = [why for _depth, why in row.whys][:5]
                model.objects.filter(pk=row.pk).update(whys=chain)


def criteria(apps, schema_editor):
    """Actions from before have been judged by inspection, without a window."""
    model = apps.get_model("cases", "CorrectiveAction")
    model.objects.filter(criterion="", state__in=("in_progress", "submitted", "verified", "closed"))\
        .update(criterion="inspection")


class Migration(migrations.Migration):

    dependencies = [("cases", "0006_major_incidents")]

    operations = [
        migrations.RunPython(chain_to_tree, tree_to_chain),
        migrations.RunPython(criteria, migrations.RunPython.noop),
    ]
