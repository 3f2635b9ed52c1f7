from django.db import migrations

from results.feed.counties import COUNTIES


def add_counties(apps, schema_editor):
    County = apps.get_model("results", "County")
    County.objects.bulk_create(
        County(number=c.number, name=c.name, slug=c.slug, fips=c.fips) for c in COUNTIES
    )


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [migrations.RunPython(add_counties, migrations.RunPython.noop)]
