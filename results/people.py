"""The groups of a newsroom, and what each may do: the one list of it.

Migrations make the groups from it; a newsroom may give its people more or less in admin.
"""

from collections.abc import Iterable

VIEWER, EDITOR, PRODUCER = "Viewer", "Editor", "Producer"

_SEEN = (
    *("alert", "alertchannel", "alertdelivery", "alertrule", "archivedbody", "board"),
    *("boardpage", "candidate", "contest", "county", "countystatus", "election", "endpoint"),
    *("fetch", "hold", "override", "racecall", "rehearsal", "return", "returnnotice"),
    *("returnupdate", "sweep", "unprocessedballots"),
)
_EDITED = (
    *("change_contest", "change_candidate", "acknowledge_alert"),
    *("add_racecall", "confirm_racecall"),
    *("add_hold", "release_hold", "add_override", "end_override"),
    *("add_unprocessedballots", "change_unprocessedballots"),
)
"""An editor's: words, calls, corrections, and what is left to count."""
_PRODUCED = (
    *("change_election", "control_feed", "change_contest", "acknowledge_alert"),
    *("add_board", "change_board", "delete_board", "drive_board"),
    *("add_boardpage", "change_boardpage", "delete_boardpage"),
    *("change_alertrule", "add_alertchannel", "change_alertchannel", "delete_alertchannel"),
    "run_rehearsal",
)
"""A producer's: the feed, the screens, the alerts, the rehearsals. No calls, no corrections."""

PERMISSIONS: dict[str, tuple[str, ...]] = {
    VIEWER: tuple(f"view_{model}" for model in _SEEN),
    EDITOR: (*(f"view_{model}" for model in _SEEN), *_EDITED),
    PRODUCER: (*(f"view_{model}" for model in _SEEN), *_PRODUCED),
}


def make_groups(apps, permissions: dict[str, Iterable[str]]) -> None:
    """Create these groups with exactly these permissions of the results app.

    For migrations, which run before Django creates permissions itself; apps are the migration's.
    """
    group_of = apps.get_model("auth", "Group")
    permission_of = apps.get_model("auth", "Permission")
    type_of = apps.get_model("contenttypes", "ContentType")
    for name, codenames in permissions.items():
        group, _ = group_of.objects.get_or_create(name=name)
        found = []
        for codename in codenames:
            model = codename.rsplit("_", 1)[1]
            content_type, _ = type_of.objects.get_or_create(app_label="results", model=model)
            permission, _ = permission_of.objects.get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": f"Can {codename.replace('_', ' ')}"},
            )
            found.append(permission)
        group.permissions.set(found)
