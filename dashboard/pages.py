"""Whole pages, built from fragments once a version and kept in each web process."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from dashboard import live
from dashboard.rehearsing import rehearsal_shown
from results import feed_state
from results.answers import BuiltAnswer, Kept
from results.models import Election
from results.redis_store import redis_store
from results.selectors import current_election

STATE_SECONDS = 0.1
"""How long a web process believes what it knows of the newest version, to spare Redis."""


@dataclass(frozen=True, slots=True)
class State:
    """What readers are shown now: the election (0: none), the newest version, the last check."""

    election_id: int
    version: int
    check: feed_state.LastCheck | None
    last_change: live.LastChange | None = None

    @property
    def feed_age(self) -> int | None:
        """Seconds since the feed last answered a sweep; None before it ever has."""
        return self.check.age_seconds if self.check else None

    @property
    def stamp(self) -> str:
        """What a built page depends on besides its name and language.

        The time of the last check is printed on pages; to half a minute is near enough for those
        who read without scripts, and lets one page serve many.
        """
        half_minute = int(self.check.checked_at.timestamp()) // 30 if self.check else 0
        return f"{self.election_id}-{self.version}-{half_minute}-{int(self.late)}{int(self.quiet)}"

    @property
    def quiet(self) -> bool:
        """Whether the feed answers, but figures have stayed the same for longer than they should.

        By the feed's own clock.
        """
        if self.check is None or self.last_change is None or self.late:
            return False
        return self.last_change.is_overdue(self.check.feed_time or self.check.checked_at)

    @property
    def late(self) -> bool:
        return self.feed_age is not None and self.feed_age > settings.FEED_LATE_SECONDS


_known: tuple[float, State] | None = None


def state() -> State:
    """What readers are shown now, at most STATE_SECONDS old.

    Redis is asked once for it; the database only where Redis has lost which election is current.
    Raises RedisError where Redis is out of reach.
    """
    global _known
    rehearsal = rehearsal_shown()
    if rehearsal is not None:
        return _rehearsal_state(rehearsal)
    now = time.monotonic()
    if _known is not None and now - _known[0] < STATE_SECONDS:
        return _known[1]
    guess = _known[1].election_id if _known else 0
    found = _read_state(guess)
    if found.election_id != guess:
        found = _read_state(found.election_id)
    _known = (now, found)
    return found


def _rehearsal_state(election: Election) -> State:
    keys = live.Keys(election.pk)
    version, check, changed = redis_store().mget(
        keys.version, feed_state.checked_key(election.pk), keys.last_change
    )
    return State(
        election.pk, int(version or 0), feed_state.read_check(check), live.read_last_change(changed)
    )


def shown_election() -> Election | None:
    """The election whose pages are being made: the current one, or a rehearsal's."""
    return rehearsal_shown() or current_election()


def forget_state() -> None:
    """Believe nothing known: the next request asks Redis."""
    global _known
    _known = None


def _read_state(guess: int) -> State:
    """What Redis says, where the current election is the one guessed; else which one it is."""
    keys = live.Keys(guess)
    election, version, check, changed = redis_store().mget(
        live.CURRENT_ELECTION, keys.version, feed_state.CHECKED, keys.last_change
    )
    if election is None:
        chosen = current_election()
        election_id = chosen.pk if chosen else 0
        if chosen:
            redis_store().set(live.CURRENT_ELECTION, chosen.pk)
    else:
        election_id = int(election)
    checked = feed_state.read_check(check)
    if election_id != guess:
        return State(election_id, 0, checked)
    return State(election_id, int(version or 0), checked, live.read_last_change(changed))


kept = Kept()


def page_response(
    request: HttpRequest, name: str, language: str, build: Callable[[State], str]
) -> HttpResponse:
    """The page `name` as it stands, built only if this process has not built it at this version.

    With Redis out of reach it is built from the database and not kept.
    """
    try:
        now = state()
    except RedisError:
        chosen = shown_election()
        now = State(chosen.pk if chosen else 0, 0, None)
        return BuiltAnswer(build(now).encode(), f'W/"{time.time_ns()}"').response(request)
    # Pages name their own address in full.
    key = (name, language, request.scheme, request.get_host(), now.stamp)
    page = kept.get(key) if now.version else None
    if page is None:
        html = build(now)
        page = BuiltAnswer(html.encode(), f'W/"{now.stamp}-{language}"')
        if now.version:
            kept.put(key, page)
    return page.response(request)
