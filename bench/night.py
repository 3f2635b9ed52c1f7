"""A recorded night for benchmarks: replays that stand still, and an election filled from one."""

from datetime import UTC, datetime

import urllib3
from django.utils import timezone

from dashboard import publishing
from dashboard.embedded import LOOPBACK, free_port
from dashboard.management.commands.demo import _manage
from dashboard.supervisor import Supervisor
from results.contest_list import load_contest_list, read_contest_list
from results.feed.client import FeedClient
from results.models import ArchivedBody, Election, Sweep
from results.sweeps import plan_for, run_batch

RECORDING = "2024-03-05-presidential-primary"
EARLY = "2024-03-05 20:30"
LATE = "2024-03-06 03:16"


def standing_replay(services: Supervisor, start: str) -> str:
    """The address of a replay, in a process of its own, whose clock hardly moves."""
    port = free_port()
    command = ["replay", "--recording", RECORDING, "--host", LOOPBACK, "--port", str(port)]
    command += ["--speed", "0.0001", "--start", start]
    services.start(f"replay-{port}", _manage(*command))
    url = f"http://{LOOPBACK}:{port}"
    services.wait_until(lambda: _answers(f"{url}/healthz"), "the replay", 30)
    return url


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def fresh_election(feed_url: str) -> Election:
    """The election of the recording, nothing of it received; another one of it is dropped."""
    Sweep.objects.all().delete()
    Election.objects.all().delete()
    ArchivedBody.objects.all().delete()
    text = urllib3.request("GET", f"{feed_url}/returns/endpoints.csv").data.decode()
    return load_contest_list(
        read_contest_list(text),
        day=datetime(2024, 3, 5, tzinfo=UTC).date(),
        kind="presidential_primary",
    )


def sweep(election: Election, client: FeedClient, times: int = 1) -> None:
    """Whole sweeps in this process; the first learns of contests that the second asks for."""
    for _ in range(times):
        begun = Sweep.objects.create(election=election, started_at=timezone.now())
        result = run_batch(begun, plan_for(election), client=client)
        begun.finished_at, begun.requests = timezone.now(), result.requests
        begun.failures, begun.changed = result.failures, result.changed
        begun.save()


def publish_all(election: Election) -> None:
    publishing.publish_election_choice()
    publishing.publish(election)
