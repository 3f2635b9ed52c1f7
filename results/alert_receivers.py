"""What makes the newsroom's watch look: a change of the returns."""

import logging

from django.dispatch import receiver
from redis.exceptions import RedisError

from results.signals import returns_changed

logger = logging.getLogger(__name__)

AFTER_SECONDS = 1
"""Readers come first: their pages are rendered before the newsroom's watch looks."""


@receiver(returns_changed, dispatch_uid="watch-returns")
def watch_changes(sender, election_id: int, contest_ids: set[int], areas, **kwargs) -> None:
    from results.tasks import watch

    try:
        watch.apply_async(
            (election_id, sorted(contest_ids), [list(area) for area in areas]),
            countdown=AFTER_SECONDS,
        )
    except (RedisError, watch.OperationalError):
        logger.warning("no watch could be asked for: Redis is out of reach")
