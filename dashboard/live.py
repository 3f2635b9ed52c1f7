"""Versions of what readers see, and what changed between them.

A page is made of fragments: pieces of HTML with a stable id. Workers render fragments and store
them in Redis; one that differs from what was stored gets the next version. A browser that shows
version N asks for what its page changed since N and gets just those fragments.

In Redis, for each election (E) and language (L):
  live:E:version       the newest version
  live:E:L:html        hash: fragment id -> HTML
  live:E:last-change   when figures last changed, and until when more are due
  live:E:changes       sorted set: fragment id -> version at which it changed last
All can be lost: then versions begin above any given before, and fragments are rendered anew.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from redis import Redis
from redis.exceptions import WatchError

from results.redis_store import redis_store

LAYOUT = "layout"
"""Pseudo-fragment: which cards a page has and in what order. It changes a page's whole region."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The names in Redis of one election's live state."""

    election_id: int

    @property
    def version(self) -> str:
        return f"live:{self.election_id}:version"

    @property
    def last_change(self) -> str:
        return f"live:{self.election_id}:last-change"

    @property
    def changes(self) -> str:
        return f"live:{self.election_id}:changes"

    def html(self, language: str) -> str:
        return f"live:{self.election_id}:{language}:html"


CURRENT_ELECTION = "live:election"
"""Which election the front page shows, so that a poll needs no database."""


def _first_version() -> int:
    """A version above all that were ever given out, for a Redis that has lost them.

    Milliseconds of the clock: versions are given out far more slowly than one a millisecond.
    """
    return int(time.time() * 1000)


QUIET_AFTER = timedelta(hours=2, minutes=30)
"""Counties report at least every two hours until all of their precincts are in."""
NIGHT = timedelta(hours=18)
"""From the polls' close: after it counties report when they have something to report."""


@dataclass(frozen=True, slots=True)
class LastChange:
    """When figures of an election last changed, and until when more are due."""

    changed_at: datetime
    due_until: datetime

    def is_overdue(self, moment: datetime) -> bool:
        """Whether at a moment of the feed's clock figures have stayed the same for too long."""
        return self.changed_at + QUIET_AFTER < moment < self.due_until


def note_last_change(election_id: int, change: LastChange | None) -> None:
    key = Keys(election_id).last_change
    if change is None:
        redis_store().delete(key)
    else:
        both = [change.changed_at.timestamp(), change.due_until.timestamp()]
        redis_store().set(key, json.dumps(both))


def read_last_change(value: str | bytes | None) -> LastChange | None:
    """A LastChange from what `live:E:last-change` holds."""
    if not value:
        return None
    changed, due = json.loads(value)
    return LastChange(datetime.fromtimestamp(changed, UTC), datetime.fromtimestamp(due, UTC))


def current_version(election_id: int) -> int:
    """The newest version, or 0 where nothing has been published yet."""
    return int(redis_store().get(Keys(election_id).version) or 0)


def publish(
    election_id: int,
    fragments: Mapping[str, Mapping[str, str]],
    inner: Mapping[str, str] | None = None,
) -> set[str]:
    """Store rendered fragments, language by language; the ids of those that changed.

    inner names, for a fragment that holds another one, that other: where nothing but the inner
    fragment differs, only that one counts as changed, and only it goes to readers.

    All that changed becomes visible at once, under one new version: a reader at the version
    before gets every one of them, a reader at the new one none.
    """
    keys = Keys(election_id)
    store = redis_store()
    while True:
        changed: set[str] = set()
        new: dict[str, dict[str, str]] = {}
        with store.pipeline() as pipe:
            try:
                pipe.watch(keys.version)
                version = int(pipe.get(keys.version) or 0)
                for language, pieces in fragments.items():
                    ids = list(pieces)
                    if not ids:
                        continue
                    values = pipe.hmget(keys.html(language), ids)
                    held = {
                        name: str(value)
                        for name, value in zip(ids, values, strict=True)
                        if value is not None
                    }
                    new[language] = {n: html for n, html in pieces.items() if held.get(n) != html}
                    changed.update(
                        name
                        for name in new[language]
                        if not _only_inner_differs(name, held, pieces, inner or {})
                    )
                if not any(new.values()) and version:
                    return changed
                version = version + 1 if version else _first_version()
                pipe.multi()
                for language, pieces in new.items():
                    if pieces:
                        pipe.hset(keys.html(language), mapping=dict(pieces.items()))
                if changed:
                    pipe.zadd(keys.changes, dict.fromkeys(changed, version))
                pipe.set(keys.version, version)
                pipe.execute()
                return changed
            except WatchError:
                continue


def _only_inner_differs(
    name: str, held: Mapping[str, str], new: Mapping[str, str], inner: Mapping[str, str]
) -> bool:
    within = inner.get(name)
    if within is None or within not in held or within not in new or name not in held:
        return False
    old_part, new_part = at_rest(held[within]), at_rest(new[within])
    return held[name].replace(old_part, "") == new[name].replace(new_part, "")


def at_rest(fragment: str) -> str:
    """A fragment as it stands within another one: without the mark that makes it swappable."""
    return fragment.replace(_MARK, "", 1)


def swapped(fragment: str) -> str:
    """A fragment as htmx takes it out of band: it replaces the element of the same id."""
    return fragment.replace(_MARK, f'{_MARK} hx-swap-oob="true"', 1)


_MARK = " data-live"


def fragments(
    election_id: int, language: str, ids: Iterable[str], store: Redis | None = None
) -> dict[str, str]:
    """The stored HTML of these fragments; those not stored are left out."""
    wanted = list(ids)
    if not wanted:
        return {}
    values = (store or redis_store()).hmget(Keys(election_id).html(language), wanted)
    return {
        name: str(value) for name, value in zip(wanted, values, strict=True) if value is not None
    }


def stored(election_id: int, language: str) -> set[str]:
    """The ids of all fragments that are stored."""
    return {str(name) for name in redis_store().hkeys(Keys(election_id).html(language))}


def changed_since(election_id: int, since: int) -> tuple[int, set[str]]:
    """(newest version, ids of all fragments that changed after `since`). One round trip."""
    keys = Keys(election_id)
    with redis_store().pipeline(transaction=True) as pipe:
        pipe.get(keys.version)
        pipe.zrangebyscore(keys.changes, f"({since}", "+inf")
        version, ids = pipe.execute()
    return int(version or 0), {str(name) for name in ids}


def forget(election_id: int) -> None:
    """Drop what is stored of an election.

    The next publication stores all of it anew, under a version above all given out before, so
    that every open page takes up the whole of it.
    """
    keys = Keys(election_id)
    redis_store().delete(
        keys.version,
        keys.changes,
        keys.last_change,
        *(keys.html(language) for language, _ in settings.LANGUAGES),
    )
