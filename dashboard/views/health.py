from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from results import feed_state
from results.selectors import current_election, election_summary
from results.sweeps import feed_url


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """This process lives. Asks nothing of the database or of Redis."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the database and Redis answer (503 if not), and how fresh the feed is.

    A late feed leaves the service ready: taking it away from readers would not help them.
    """
    database, election = _database()
    redis, check = _redis()
    feed: dict[str, object] = {
        "status": "never checked",
        "url": election.pop("feed_url", settings.FEED_URL),
        "paused": election.pop("paused", False),
        "checked_at": None,
        "age_seconds": None,
        "reported_at": election.pop("reported_at", None),
    }
    if check is not None:
        late = check.age_seconds > settings.FEED_LATE_SECONDS
        feed["status"] = "late" if late else "ok"
        feed["checked_at"] = timezone.localtime(check.checked_at).isoformat()
        feed["age_seconds"] = check.age_seconds
    ready = database == redis == "ok"
    return JsonResponse(
        {
            "status": "ok" if ready else "unavailable",
            "database": database,
            "redis": redis,
            "election": election.get("slug"),
            "feed": feed,
        },
        status=200 if ready else 503,
    )


def _database() -> tuple[str, dict[str, object]]:
    try:
        connection.ensure_connection()
        election = current_election()
        if election is None:
            return "ok", {}
        summary = election_summary(election)
    except DatabaseError as reason:
        return f"unavailable: {type(reason).__name__}", {}
    reported = summary.reported_at
    return "ok", {
        "slug": election.slug,
        "feed_url": feed_url(election),
        "paused": election.feed_paused_at is not None,
        "reported_at": timezone.localtime(reported).isoformat() if reported else None,
    }


def _redis() -> tuple[str, feed_state.LastCheck | None]:
    try:
        return "ok", feed_state.last_check()
    except RedisError as reason:
        return f"unavailable: {type(reason).__name__}", None
