"""The groups of a newsroom with their permissions, and the rule of each kind of alert."""

from django.db import migrations


def make(apps, schema_editor):
    from results.alerts import DEFAULTS
    from results.people import PERMISSIONS, make_groups

    make_groups(apps, PERMISSIONS)
    # What was noted before there were alerts is no news.
    apps.get_model("results", "ReturnNotice").objects.update(alerted=True)
    rule_of = apps.get_model("results", "AlertRule")
    for kind, (severity, threshold) in DEFAULTS.items():
        rule_of.objects.get_or_create(
            kind=kind, defaults={"severity": severity, "threshold": threshold}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0011_rehearsals"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
