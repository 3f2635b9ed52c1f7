import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


@pytest.fixture
def replay() -> Iterator[Callable[..., tuple[subprocess.Popen, str]]]:
    """Start `manage.py replay` with these options: the process, and the line it printed."""
    started = []

    def start(*options: str) -> tuple[subprocess.Popen, str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "replay", *options],
            cwd=settings.BASE_DIR,
            env=os.environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().rstrip("\n")

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_it_serves_the_newest_recording_from_its_first_votes(replay):
    _, line = replay()

    found = re.fullmatch(
        r"Replaying 2024-03-05-presidential-primary on (http://127\.0\.0\.1:\d+/returns/) "
        r"at 60x from 8:15 p\.m\.",
        line,
    )
    assert found is not None
    with urlopen(f"{found[1]}us-senate") as answer:
        body = json.load(answer)
    assert body["raceTitle"] == "U.S. Senate (Full Term) - Statewide Results"


def test_it_starts_at_a_pacific_time(replay):
    _, line = replay("--start", "2024-03-05 23:30", "--speed", "0.001")

    assert line.endswith("at 0.001x from 11:30 p.m.")
    url = re.search(r"http://\S+", line)[0]
    with urlopen(f"{url}us-senate") as answer:
        shown = parsedate_to_datetime(answer.headers["Date"])
    assert shown == datetime(2024, 3, 6, 7, 30, tzinfo=UTC)


def test_it_tells_the_day_where_it_is_not_election_day(replay):
    _, line = replay("--start", "2024-03-20 17:00", "--until", "canvass")

    assert line.endswith("from March 20, 2024, 5:00 p.m.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(replay, number):
    process, _ = replay()

    process.send_signal(number)

    assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--recording", "the-moon"], "no recording the-moon"),
        (["--recording", "manage.py"], "manage.py: not a whole xz file"),
        (["--speed", "0"], "the speed must be above 0"),
        (["--start", "soon"], "'soon' is neither first-votes nor a time"),
        (["--start", "2024-02-30 20:00"], "day is out of range for month"),
        (["--loop", "--hold"], "not allowed with"),
    ],
)
def test_wrong_options_are_told(options, reason, monkeypatch):
    monkeypatch.chdir(settings.BASE_DIR)

    with pytest.raises(CommandError, match=reason):
        call_command("replay", *options)


def test_a_port_that_is_taken_is_told(replay):
    _, line = replay()
    port = re.search(r":(\d+)/", line)[1]

    with pytest.raises(CommandError, match="Address already in use"):
        call_command("replay", "--port", port)
