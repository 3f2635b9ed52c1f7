"""Fetching now, pausing and resuming: what a producer does with the feed."""

from django.db import transaction
from django.utils import timezone

from results import feed_state
from results.models import Election


def fetch_now(election: Election) -> None:
    """Begin a sweep at once, unless one is under way. Raises RedisError."""
    from results.tasks import sweep

    feed_state.make_due(election.pk)
    sweep.delay()


def pause_feed(election: Election) -> None:
    """Ask the feed for nothing until it is resumed; pages say how old the figures are."""
    Election.objects.filter(pk=election.pk, feed_paused_at=None).update(
        feed_paused_at=timezone.now()
    )
    election.refresh_from_db(fields=["feed_paused_at"])


def resume_feed(election: Election) -> None:
    """Ask the feed again, at once. Raises RedisError."""
    Election.objects.filter(pk=election.pk).update(feed_paused_at=None)
    election.refresh_from_db(fields=["feed_paused_at"])
    transaction.on_commit(lambda: fetch_now(election))
