"""What changed since a version, so that a client need not ask every address again."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from redis.exceptions import RedisError

from results.feed.contest_ids import contest_id
from results.feed.counties import BY_NUMBER
from results.feed.facts import WHOLE, Area
from results.feed.paths import contest_path
from results.held import AreaKey
from results.models import Contest, Election
from results.returns_api import versions

STREAM_SECONDS = 300.0
"""How long one stream lasts; clients come back by themselves and go on where they were."""
_HEARTBEAT_SECONDS = 15.0
_LOOK_SECONDS = 0.5
_RECONNECT_MILLISECONDS = 3000

streams = BoundedSemaphore(settings.RETURNS_STREAMS)
"""Each stream takes a thread of the web process."""


def changes_since(election: Election, since: int, base: str) -> dict[str, Any]:
    """The returns of an election that changed after a version, and the newest version.

    Where the version is too old to tell, `everything` is true and clients read all they need anew.
    """
    version, areas = versions.changed_since(election.pk, since)
    return {
        "election": election.slug,
        "since": since,
        "version": version,
        "changedAt": datetime.fromtimestamp(versions.state().changed_at, UTC).isoformat(),
        "everything": areas is None,
        "changes": _in_order(election, areas or set(), base),
    }


def _in_order(election: Election, areas: set[AreaKey], base: str) -> list[dict[str, Any]]:
    if not areas:
        return []
    contests = {
        contest.pk: contest
        for contest in Contest.objects.filter(
            election=election, is_published=True, pk__in={area[0] for area in areas}
        )
    }
    ordered = sorted(
        (area for area in areas if area[0] in contests),
        key=lambda area: (
            contests[area[0]].order,
            contests[area[0]].position,
            area[0],
            area[1] or 0,
            area[2] or 0,
        ),
    )
    return [_change(contests[pk], county, district, base) for pk, county, district in ordered]


def _change(
    contest: Contest, county: int | None, district: int | None, base: str
) -> dict[str, Any]:
    area = WHOLE
    path, place = contest_path(contest.key), "whole"
    if county:
        area, place = Area.county(county), BY_NUMBER[county].slug
        path = f"{path}/county/{place}"
    elif district:
        area, place = Area.district(district), f"district-{district}"
        path = f"{path}/district/all"
    return {
        "contest": contest.slug,
        "area": place,
        # A district's part of a presidential primary has an id of its own, but no address.
        "id": contest_id(contest.key, area),
        "returns": f"{base}/{path}",
    }


def follow(election: Election, since: int, base: str) -> Iterator[bytes]:
    """The changes of an election as server-sent events, from a version on."""
    ends = time.monotonic() + STREAM_SECONDS
    spoke = 0.0
    yield f"retry: {_RECONNECT_MILLISECONDS}\n\n".encode()
    try:
        while time.monotonic() < ends:
            try:
                newest = versions.state().version
                if newest != since:
                    told = changes_since(election, since, base)
                    since = told["version"]
                    if told["changes"] or told["everything"]:
                        data = json.dumps(told, ensure_ascii=False)
                        yield f"id: {since}\nevent: returns\ndata: {data}\n\n".encode()
                        spoke = time.monotonic()
                    close_old_connections()
            except RedisError:
                return  # the client comes back in a moment
            if time.monotonic() - spoke > _HEARTBEAT_SECONDS:
                yield b": still here\n\n"
                spoke = time.monotonic()
            time.sleep(_LOOK_SECONDS)
    finally:
        streams.release()
