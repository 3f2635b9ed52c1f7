"""A sweep against only fetching and decoding the same bodies, on SQLite and on PostgreSQL."""

import json
import statistics
import time
from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext

from bench import night
from dashboard.supervisor import Supervisor
from results import feed_state
from results.feed.client import FeedClient
from results.models import Sweep
from results.sweeps import plan_for

ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(services: Supervisor, folder) -> Iterator[tuple[str, str, str]]:
    early, late = (night.standing_replay(services, at) for at in (night.EARLY, night.LATE))
    first, second = FeedClient(early), FeedClient(late)
    for name, settings in _databases(folder).items():
        connections["default"].close()
        connections.settings["default"] = connections.configure_settings({"default": settings})[
            "default"
        ]
        del connections["default"]
        call_command("migrate", verbosity=0)
        yield from _measure(name, first, second, early)


def _measure(
    name: str, first: FeedClient, second: FeedClient, early: str
) -> Iterator[tuple[str, str, str]]:
    changed, unchanged, changes = [], [], 0
    writes = 0
    for _ in range(ROUNDS):
        election = night.fresh_election(early)
        night.sweep(election, first, times=2)
        paths = [request.path for request in plan_for(election)]

        def only_fetch(paths=paths) -> None:
            for fetched in second.fetch_all(paths):
                json.loads(fetched.body)

        only_fetch()
        bare = statistics.median(seconds(only_fetch) for _ in range(3))
        changed.append(seconds(lambda e=election: night.sweep(e, second)) / bare)
        changes = Sweep.objects.latest("pk").changed
        quiet = [seconds(lambda e=election: night.sweep(e, second)) for _ in range(3)]
        unchanged.append(statistics.median(quiet) / bare)
        with CaptureQueriesContext(connections["default"]) as asked:
            night.sweep(election, second)
        writes = len({_table(q["sql"]) for q in asked if _writes(q["sql"])} - _LOG)
        feed_state.forget_bodies(election.pk)
    yield (
        f"{name}: sweep, {changes:,} areas changed / fetch and decode",
        f"{statistics.median(changed):.2f}",
        "at most 3",
    )
    yield (
        f"{name}: sweep, nothing changed / fetch and decode",
        f"{statistics.median(unchanged):.2f}",
        "at most 1.3",
    )
    yield f"{name}: tables written beyond the log, nothing changed", str(writes), "0"


_LOG = {"results_sweep", "results_fetch"}


def _writes(statement: str) -> bool:
    return statement.split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE")


def _table(statement: str) -> str:
    return statement.split('"')[1]


def _databases(folder) -> dict[str, dict]:
    import environ
    from django.conf import settings

    from tests import services as wheels

    postgres = environ.Env.db_url_config(wheels.postgres_url())
    return {"SQLite": dict(settings.DATABASES["default"]), "PostgreSQL": postgres}
