"""The Celery tasks that render."""

from celery import shared_task

from dashboard.publishing import publish_waiting


@shared_task(name="dashboard.publish", ignore_result=True)
def publish(election_id: int) -> None:
    """Publish the contests that wait for it; harmless to run twice.

    Where new ones never cease to come it makes way for other tasks and goes on in its turn.
    """
    if publish_waiting(election_id):
        publish.delay(election_id)
