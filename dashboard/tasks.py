"""The Celery tasks that render."""

from celery import shared_task

from dashboard.publishing import publish_waiting


@shared_task(name="dashboard.publish", ignore_result=True)
def publish(election_id: int) -> int:
    """Publish the contests that wait for it; harmless to run twice."""
    return publish_waiting(election_id)
