"""What workers share about the feed in Redis: the sweep's lock, bodies seen, the last check.

All of it can be lost at any moment: the database holds the truth, and a sweep then compares facts
where it would have compared bodies.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import uuid4

from redis.exceptions import LockNotOwnedError
from redis.lock import Lock

from results.feed.client import Validators
from results.redis_store import redis_store

SWEEP_LOCK_SECONDS = 30
"""How long a killed worker can keep the next sweep waiting; live sweeps renew it as they go."""
_SWEEP_LOCK = "feed:sweep-lock"
CHECKED = "feed:checked"


@dataclass(frozen=True, slots=True)
class SeenBody:
    """The body an endpoint served last, and its validators.

    settled is false where something in it was held back or not understood: such a body is read
    again even if it comes unchanged, and never asked for conditionally.
    """

    sha256: str
    etag: str = ""
    last_modified: str = ""
    settled: bool = True

    @property
    def validators(self) -> Validators:
        return Validators(self.etag, self.last_modified) if self.settled else Validators()


@dataclass(frozen=True, slots=True)
class LastCheck:
    """When the feed last answered a sweep, by our clock and by its own."""

    checked_at: datetime
    feed_time: datetime | None = None

    @property
    def age_seconds(self) -> int:
        return max(0, int(time.time() - self.checked_at.timestamp()))


def _lock_of(election_id: int) -> Lock:
    name = f"{_SWEEP_LOCK}:{election_id}"
    return Lock(redis_store(), name, timeout=SWEEP_LOCK_SECONDS, thread_local=False)


def _lock(token: str) -> Lock:
    lock = _lock_of(int(token.partition("-")[0]))
    # The sweep's lock is handed from task to task by its token.
    lock.local.token = token.encode()
    return lock


def begin_sweep(election_id: int = 0) -> str | None:
    """Take the lock of an election's sweep: its token, or None while another sweep holds it."""
    token = f"{election_id}-{uuid4().hex}"
    lock = _lock_of(election_id)
    return token if lock.acquire(blocking=False, token=token) else None


def is_due(election_id: int, seconds: float) -> bool:
    """Whether a sweep of an election is due, that many seconds after the last one began."""
    key = f"feed:swept:{election_id}"
    # A little less, so that beats and sweeps of one length do not miss each other.
    milliseconds = max(1, int(1000 * seconds) - 300)
    return bool(redis_store().set(key, 1, nx=True, px=milliseconds))


def make_due(election_id: int) -> None:
    """Let the next beat begin a sweep, however long ago the last one was."""
    redis_store().delete(f"feed:swept:{election_id}")


def renew_sweep(token: str) -> bool:
    """Keep the lock for another stretch; false if it has passed to another sweep."""
    try:
        return bool(_lock(token).reacquire())
    except LockNotOwnedError:
        return False


def end_sweep(token: str) -> None:
    """Give the lock back, unless it has expired and passed on."""
    try:
        _lock(token).release()
    except LockNotOwnedError:
        return


def seen_bodies(election_id: int, paths: Iterable[str]) -> dict[str, SeenBody]:
    """What each of these endpoints served last. One round trip."""
    wanted = list(paths)
    if not wanted:
        return {}
    values = redis_store().hmget(f"feed:bodies:{election_id}", wanted)
    return {
        path: SeenBody(**json.loads(value))
        for path, value in zip(wanted, values, strict=True)
        if value
    }


def remember_bodies(election_id: int, seen: Mapping[str, SeenBody]) -> None:
    """Note what endpoints served."""
    if seen:
        redis_store().hset(
            f"feed:bodies:{election_id}",
            mapping={path: json.dumps(asdict(body)) for path, body in seen.items()},
        )


def forget_bodies(election_id: int) -> None:
    """Make the next sweep read every body again."""
    redis_store().delete(f"feed:bodies:{election_id}")


def may_ask_earlier_returns(election_id: int) -> bool:
    """Whether an hour has passed since contests that are off the ballot were asked for."""
    return bool(redis_store().set(f"feed:earlier-asked:{election_id}", 1, nx=True, ex=3600))


def checked_key(rehearsal_id: int | None = None) -> str:
    """Where the last check of the feed stands; a rehearsal's feed is one of its own."""
    return f"{CHECKED}:{rehearsal_id}" if rehearsal_id else CHECKED


def note_check(check: LastCheck, rehearsal_id: int | None = None) -> None:
    redis_store().set(
        checked_key(rehearsal_id),
        json.dumps(
            [
                check.checked_at.timestamp(),
                check.feed_time.timestamp() if check.feed_time else None,
            ]
        ),
    )


def read_check(value: str | bytes | None) -> LastCheck | None:
    """A LastCheck from what `feed:checked` holds."""
    if not value:
        return None
    checked, feed = json.loads(value)
    return LastCheck(
        datetime.fromtimestamp(checked, UTC),
        datetime.fromtimestamp(feed, UTC) if feed is not None else None,
    )


def last_check(rehearsal_id: int | None = None) -> LastCheck | None:
    return read_check(redis_store().get(checked_key(rehearsal_id)))
