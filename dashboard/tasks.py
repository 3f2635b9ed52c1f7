"""The Celery tasks that render."""

import logging
from collections.abc import Iterable

from celery import shared_task
from redis.exceptions import RedisError

from dashboard.publishing import note_changes, publish_waiting

logger = logging.getLogger(__name__)


@shared_task(name="dashboard.publish", ignore_result=True)
def publish(election_id: int) -> None:
    """Publish the contests that wait for it; harmless to run twice.

    Where new ones never cease to come it makes way for other tasks and goes on in its turn.
    """
    if publish_waiting(election_id):
        publish.delay(election_id)


def request_publication(election_id: int, contest_ids: Iterable[int | str]) -> None:
    """Have a worker publish these contests soon.

    Nothing is lost where Redis is away or empty: pages are then built from the database.
    """
    try:
        note_changes(election_id, contest_ids)
        publish.delay(election_id)
    except (RedisError, publish.OperationalError):
        logger.warning("no publication could be asked for: Redis is out of reach")
