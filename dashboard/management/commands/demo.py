"""What `make demo` runs: a recorded election night on this machine, from feed to browser."""

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

import urllib3
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard import supervisor
from dashboard.embedded import LOOPBACK, free_port, valkey_answers, valkey_command, valkey_url
from dashboard.supervisor import ChildFailed, Stopped, Supervisor

DEMO_FOLDER = settings.BASE_DIR / ".demo"
ADMIN = "producer"
_ADMIN_ARGUMENTS = (
    *("createsuperuser", "--noinput"),
    *(f"--username={ADMIN}", f"--email={ADMIN}@localhost"),
)
POLL_SECONDS = 1
WEB_THREADS = 12
"""Of which streams of changes take RETURNS_STREAMS at most."""
START_SECONDS = 60.0
"""How long any part may take to come up, on a slow machine."""


class Command(BaseCommand):
    help = "Play the night of March 5, 2024 through the whole service, on this machine alone."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the dashboard (8000)")
        parser.add_argument(
            "--speed",
            type=float,
            default=60.0,
            help="how fast the night goes: 60 is an hour a minute (the default), 1 as it was",
        )

    def handle(self, *args, **options) -> None:
        port, speed = options["port"], options["speed"]
        if not 0 < port < 65536:
            raise CommandError(f"{port} is not a port: give one from 1 to 65535.")
        if not speed > 0:
            raise CommandError(f"The speed must be above 0, not {speed:g}.")
        if "MAKELEVEL" in os.environ:
            supervisor.end_with_parent()
        DEMO_FOLDER.mkdir(exist_ok=True)
        folder = DEMO_FOLDER / str(port)
        with (DEMO_FOLDER / f"{port}.lock").open("w") as lock:
            _claim(port, lock)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                self._play(folder, port, speed)
            except Stopped:
                self.stdout.write("Stopped.")
            except (ChildFailed, TimeoutError) as reason:
                raise CommandError(str(reason)) from reason

    def _play(self, folder: Path, port: int, speed: float) -> None:
        redis_port, replay_port = free_port(), free_port()
        password = secrets.token_urlsafe(9)
        static = DEMO_FOLDER / f"static-{_static_digest()}"
        environment = {
            **os.environ,
            "DEBUG": "0",
            "HTTPS": "0",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ALLOWED_HOSTS": f"{LOOPBACK},localhost",
            "DATABASE_URL": f"sqlite:///{quote(str(folder / 'returns.sqlite3'))}",
            "REDIS_URL": valkey_url(redis_port),
            "CELERY_BROKER_URL": valkey_url(redis_port),
            "STATIC_ROOT": str(static),
            "FEED_URL": f"http://{LOOPBACK}:{replay_port}",
            "POLL_SECONDS": str(POLL_SECONDS),
            "LIVE_POLL_SECONDS": str(POLL_SECONDS),
            "SITE_NOTICE": "Replay of the night of March 5, 2024",
            "DJANGO_SUPERUSER_PASSWORD": password,
            # Nobody sets up an authenticator to look at a demo.
            "CALLS_NEED_SECOND_FACTOR": "0",
            "PYTHONUNBUFFERED": "1",
        }
        site = f"http://{LOOPBACK}:{port}"
        with Supervisor(folder, environment) as demo:
            demo.start("valkey", valkey_command(redis_port, folder))
            migrate = demo.start("migrate", _manage("migrate", "--verbosity=0"), ends=True)
            if not static.exists():
                _collect_static(demo, static)
            demo.finish(migrate)
            demo.wait_until(lambda: valkey_answers(redis_port), "Valkey", START_SECONDS)
            demo.start("web", web_command(port))
            demo.start("worker", worker_command(folder))
            demo.wait_until(lambda: _answers(f"{site}/healthz"), "The web server", START_SECONDS)
            # The night's clock runs from here on: its first minutes are not to pass unseen.
            replay = ["--host", LOOPBACK, "--port", str(replay_port), "--speed", f"{speed:g}"]
            demo.start("replay", _manage("replay", *replay))
            contests = f"{environment['FEED_URL']}/returns/endpoints.csv"
            demo.wait_until(lambda: _answers(contests), "The replay", START_SECONDS)
            # The worker, which is up by then, brings the first returns.
            load = _manage("load_contests", contests, "--date=2024-03-05", "--no-fetch")
            loading = demo.start("load_contests", load, ends=True)
            demo.finish(demo.start("createsuperuser", _manage(*_ADMIN_ARGUMENTS), ends=True))
            demo.finish(loading)
            demo.wait_until(lambda: _answers(f"{site}/"), "The dashboard", START_SECONDS)
            self._say(site, speed, password, folder)
            demo.watch()

    def _say(self, site: str, speed: float, password: str, folder: Path) -> None:
        board = f"{site}/board/newsroom/"
        lines = [f"  Dashboard  {site}/"]
        if _answers(board):
            lines.append(f"  Board      {board}")
        lines.append(f"  Admin      {site}/admin/  (user {ADMIN}, password {password})")
        pace = "an hour a minute" if speed == 60 else f"at {speed:g} times its speed"
        self.stdout.write(
            f"The night of March 5, 2024, {pace}:\n\n"
            + "\n".join(lines)
            + f"\n\nLogs are in {os.path.relpath(folder)}/. Ctrl-C stops everything."
        )
        self.stdout.flush()


def web_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", LOOPBACK, "--port", str(port), "--no-ws"),
        *("--blocking-threads", str(WEB_THREADS), "dashboard.wsgi:application"),
    ]


def worker_command(folder: Path) -> list[str]:
    """One worker of two processes, with the beat inside it."""
    return [
        *(sys.executable, "-m", "celery", "--app", "dashboard", "worker", "--beat"),
        *("--schedule", str(folder / "beat-schedule"), "--concurrency", "2"),
        *("--loglevel", "INFO", "--hostname", f"demo-{folder.name}@%h"),
        *("--without-gossip", "--without-mingle"),
    ]


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def _answers(url: str) -> bool:
    try:
        answer = urllib3.request("GET", url, timeout=5, retries=False, redirect=False)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200


def _collect_static(demo: Supervisor, static: Path) -> None:
    """Collected aside and then moved, so that what stands there is never half of it."""
    aside = demo.folder / "static"
    command = _manage("collectstatic", "--noinput", "--verbosity=0")
    demo.finish(demo.start("collectstatic", command, ends=True, STATIC_ROOT=str(aside)))
    # Another demo may have been faster; its files are the same.
    with suppress(OSError):
        aside.rename(static)


def _static_digest() -> str:
    """Names the static files as they are now, so that a demo collects them only after a change."""
    known = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = os.stat(storage.path(path))
            known.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return known.hexdigest()[:12]


def _claim(port: int, lock: IO[str]) -> None:
    """Make sure that the port is free and stays this demo's. Raises CommandError."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
    except OSError as reason:
        if reason.errno in (errno.EADDRINUSE, errno.EWOULDBLOCK):
            raise CommandError(
                f"Port {port} is taken by another program. Choose another: "
                f"make demo PORT={port + 1 if port < 65535 else 8000}"
            ) from reason
        raise CommandError(f"Port {port} cannot be used: {reason.strerror}.") from reason
