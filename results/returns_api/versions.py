"""Versions of what the returns API answers, and which returns changed between them.

In Redis:
  returns:version      the newest version, over all elections
  returns:changed-at   when it was given out, in seconds since 1970
  returns:changes:E    sorted set of election E: "contest:county:district" -> version
All can be lost: then versions begin above any given before, and earlier ones are told as unknown.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from results.held import AreaKey
from results.redis_store import redis_store

STATE_SECONDS = 0.1
"""How long a web process believes what it knows of the newest version, to spare Redis."""

_VERSION = "returns:version"
_CHANGED_AT = "returns:changed-at"
_FIRST = "returns:first-version"

# One step, so that nobody sees a version before the changes that it stands for. A Redis that has
# lost its versions begins with the clock's milliseconds, above all that were ever given out.
_NOTE = """
local version = redis.call('INCR', KEYS[1])
if version == 1 then
  version = tonumber(ARGV[1])
  redis.call('SET', KEYS[1], ARGV[1])
  redis.call('SET', KEYS[3], ARGV[1])
end
redis.call('SET', KEYS[2], ARGV[2])
for i = 3, #ARGV do
  redis.call('ZADD', KEYS[4], version, ARGV[i])
end
return version
"""


@dataclass(frozen=True, slots=True)
class State:
    """The newest version (0 before any), and when it was given out (seconds since 1970)."""

    version: int
    changed_at: float


_known: tuple[float, State] | None = None


def note_changes(election_id: int, areas: Iterable[AreaKey]) -> int:
    """Give out the next version, at which these returns of an election changed."""
    now = time.time()
    members = [f"{contest}:{county or 0}:{district or 0}" for contest, county, district in areas]
    keys = [_VERSION, _CHANGED_AT, _FIRST, f"returns:changes:{election_id}"]
    return int(
        redis_store().eval(_NOTE, len(keys), *keys, str(int(now * 1000)), f"{now:.3f}", *members)
    )


def state() -> State:
    """The newest version, at most STATE_SECONDS old. Raises RedisError where Redis is away."""
    global _known
    now = time.monotonic()
    if _known is not None and now - _known[0] < STATE_SECONDS:
        return _known[1]
    version, changed_at = redis_store().mget(_VERSION, _CHANGED_AT)
    if version is None:
        note_changes(0, ())
        version, changed_at = redis_store().mget(_VERSION, _CHANGED_AT)
    found = State(int(version or 0), float(changed_at or 0))
    _known = (now, found)
    return found


def forget_state() -> None:
    """Believe nothing known: the next request asks Redis."""
    global _known
    _known = None


def changed_since(election_id: int, since: int) -> tuple[int, set[AreaKey] | None]:
    """(newest version, the returns that changed after `since`).

    None instead of the returns where `since` was given out before all that is known: then anything
    may have changed.
    """
    with redis_store().pipeline(transaction=True) as pipe:
        pipe.mget(_VERSION, _FIRST)
        pipe.zrangebyscore(f"returns:changes:{election_id}", f"({since}", "+inf")
        (version, first), members = pipe.execute()
    newest = int(version or 0)
    if not int(first or 0) <= since <= newest:
        return newest, None
    changed: set[AreaKey] = set()
    for member in members:
        contest, county, district = map(int, str(member).split(":"))
        changed.add((contest, county or None, district or None))
    return newest, changed
