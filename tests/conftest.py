"""What all tests share: real servers, and nothing left over from the test before."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import hypothesis
import pytest
import urllib3
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.test.utils import override_settings
from django.utils import translation

from dashboard import pages
from dashboard.embedded import LOOPBACK, free_port
from dashboard.management.commands.demo import web_command, worker_command
from dashboard.supervisor import Supervisor
from results.returns_api import versions
from tests import services
from tests.fixtures import empty_redis  # noqa: F401 - a fixture
from tests.settings import POSTGRES

# A test is never judged by the clock: the machine may be busy with others.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "processes"}
START_SECONDS = 30.0


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if POSTGRES else 'SQLite'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only the tests that touch the database.

    None that is about a browser or a page: pages ask the database what other tests ask it, too.
    """
    if not POSTGRES:
        # The demo's tests share one demo: at the end of a worker's list another would take some
        # of them over, and start a demo of its own.
        items.sort(key=lambda item: "demo" not in item.path.parts)
        return
    chosen = [
        item
        for item in items
        if (item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames))
        and not item.get_closest_marker("browser")
        and not item.get_closest_marker("one_database")
        and "dashboard" not in item.path.parts
    ]
    left_out = [item for item in items if item not in set(chosen)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = chosen


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup) -> None:
    """The test database. What migrations filled in and real transactions flush away comes back."""
    from django.apps import apps

    from results.alerts import DEFAULTS
    from results.feed.counties import COUNTIES
    from results.models import AlertRule, County
    from results.people import PERMISSIONS, make_groups

    def restore_counties(sender, **_kwargs) -> None:
        if sender.name == "results":
            County.objects.bulk_create(
                (County(number=c.number, name=c.name, slug=c.slug, fips=c.fips) for c in COUNTIES),
                ignore_conflicts=True,
            )
            AlertRule.objects.bulk_create(
                (
                    AlertRule(kind=kind, severity=severity, threshold=threshold)
                    for kind, (severity, threshold) in DEFAULTS.items()
                ),
                ignore_conflicts=True,
            )
            make_groups(apps, PERMISSIONS)

    post_migrate.connect(restore_counties, weak=False)


@pytest.fixture(autouse=True)
def _fresh(empty_redis) -> None:  # noqa: F811 - the fixture
    pages.forget_state()
    versions.forget_state()
    # A request for a Spanish page leaves its language in this thread.
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def redis_server() -> str:
    """The address of the run's Valkey; it is empty when the test starts."""
    return settings.REDIS_URL


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a real PostgreSQL, whichever database the other tests run on."""
    return services.postgres_url()


@pytest.fixture
def service_environment(transactional_db) -> dict[str, str]:
    """The environment of a process of the service that works on the test database."""
    held = connection.settings_dict
    name = held["NAME"]
    if connection.vendor == "postgresql":
        url = f"postgres://{held['USER']}@{held['HOST']}:{held['PORT']}/{name}"
    else:
        url = f"sqlite:///{quote(str(name))}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "DATABASE_URL": url,
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def processes(service_environment, tmp_path) -> Iterator[Supervisor]:
    """Starts processes of the service; all of them end with the test."""
    # Nothing is lost if a worker does not end in order, and ending in order takes it seconds.
    started = Supervisor(tmp_path, service_environment, grace_seconds=0.5)
    yield started
    started.stop()


@pytest.fixture
def celery_worker_process(processes, tmp_path) -> Callable[..., None]:
    """Starts a worker with the beat in it, with these variables: FEED_URL, POLL_SECONDS and so on.

    It is ready to take tasks when the call returns.
    """

    def start(**environment: str) -> None:
        worker = processes.start("worker", worker_command(tmp_path), **environment)
        ready = lambda: b" ready." in worker.log.read_bytes()  # noqa: E731
        processes.wait_until(ready, "the worker", START_SECONDS)

    return start


@pytest.fixture(scope="session")
def static_files() -> None:
    """The collected static files under their lasting names; not compressed, which takes long."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": storage}):
        call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def kept_sites(tmp_path_factory) -> Iterator[dict[tuple[tuple[str, str], ...], str]]:
    """Addresses of the web servers that run already, by their variables.

    A server takes seconds to start and keeps nothing that an empty Redis does not outdate, so
    one serves all tests that want the same.
    """
    started: dict[tuple[tuple[str, str], ...], str] = {}
    yield started
    for supervisor in _SUPERVISORS:
        supervisor.stop()


_SUPERVISORS: list[Supervisor] = []


@pytest.fixture
def start_site(
    service_environment, static_files, kept_sites, tmp_path_factory
) -> Callable[..., str]:
    """Starts a web server of the service, with these variables; its address, without a slash.

    Its own one for a test that writes through it: Django keeps the ids of content types, which
    are others in each test.
    """

    def start(*, own: bool = False, **environment: str) -> str:
        wanted = tuple(sorted(environment.items()))
        if wanted in kept_sites and not own:
            return kept_sites[wanted]
        supervisor = Supervisor(
            tmp_path_factory.mktemp("site"), service_environment, grace_seconds=0.5
        )
        _SUPERVISORS.append(supervisor)
        port = free_port()
        url = f"http://{LOOPBACK}:{port}"
        supervisor.start("web", web_command(port), **environment)

        def answers() -> bool:
            try:
                return urllib3.request("GET", f"{url}/healthz", retries=False).status == 200
            except urllib3.exceptions.HTTPError:
                return False

        supervisor.wait_until(answers, "the web server", START_SECONDS)
        if not own:
            kept_sites[wanted] = url
        return url

    return start


@pytest.fixture
def live_site(start_site) -> str:
    """The address of a web server of the service whose pages ask for changes every second."""
    return start_site(LIVE_POLL_SECONDS="1")


@pytest.fixture
def replay_server() -> Iterator[Callable]:
    """Starts replays of a recorded night (see ReplayServer's arguments); they end with the test."""
    from results.recordings import names
    from results.recordings.recording import load
    from results.recordings.replay_server import ReplayServer

    started: list[ReplayServer] = []

    def start(speed: float = 60.0, *, recording: str | Path = "", **more) -> ReplayServer:
        server = ReplayServer(load(recording or names()[-1]), speed, **more)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
