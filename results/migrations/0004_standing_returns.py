from datetime import timedelta

from django.db import migrations, models
from django.db.models import Case, F, When


def fill_stands_since(apps, schema_editor):
    """Updates kept before this: watched ones stand since their fetch, others since their report."""
    updates = apps.get_model("results", "ReturnUpdate").objects.all()
    watched = When(
        fetched_at__gte=F("reported_at"),
        fetched_at__lte=F("reported_at") + timedelta(hours=2),
        then=F("fetched_at"),
    )
    updates.update(stands_since=Case(watched, default=F("reported_at")))


class Migration(migrations.Migration):
    dependencies = [("results", "0003_fewer_indexes")]

    operations = [
        migrations.AlterModelOptions(
            name="contest",
            options={
                "ordering": ["order", "position", "slug"],
                "verbose_name": "contest",
                "verbose_name_plural": "contests",
            },
        ),
        migrations.AddField(
            model_name="contest",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="A justice's place in the feed's list of the court.",
                verbose_name="position",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="earlier_returns",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="What the feed serves of a contest that is not on this ballot, by area.",
                verbose_name="returns of an earlier election",
            ),
        ),
        migrations.RemoveIndex(
            model_name="returnupdate", name="results_ret_returns_bcfeab_idx"
        ),
        migrations.AddField(
            model_name="returnupdate",
            name="stands_since",
            field=models.DateTimeField(
                null=True,
                verbose_name="stands since",
                help_text="The moment of the count from which these were the returns.",
            ),
        ),
        migrations.RunPython(fill_stands_since, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="returnupdate",
            name="stands_since",
            field=models.DateTimeField(
                verbose_name="stands since",
                help_text="The moment of the count from which these were the returns.",
            ),
        ),
        migrations.AddIndex(
            model_name="returnupdate",
            index=models.Index(
                fields=["returns", "stands_since"], name="results_ret_returns_9558b2_idx"
            ),
        ),
    ]
