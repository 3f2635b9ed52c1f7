import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import urllib3

from dashboard.embedded import LOOPBACK, free_port
from tests.demo.processes import descendants, wait_until_gone
from tests.demo.visit import page_text, votes_shown, wait_for_votes

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "dashboard.settings", "DEBUG": "1"}
START_SECONDS = 120


def demo(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@dataclass
class Demo:
    """A demo whose front page shows votes, and what it has said until then."""

    process: subprocess.Popen
    port: int
    words: str

    @property
    def site(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


@pytest.fixture(scope="module")
def running():
    port = free_port()
    # Four hours of the night a minute, so that the next votes are not long in coming.
    process = demo("--port", str(port), "--speed", "240")
    try:
        wait_for_votes(f"http://{LOOPBACK}:{port}/", process, START_SECONDS)
        words = ""
        while "Ctrl-C" not in words:
            words += process.stdout.readline()
        yield Demo(process, port, words)
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.slow
def test_the_votes_of_the_night_come_in(running):
    first = sum(votes_shown(running.site))
    deadline = time.monotonic() + 60
    while (later := sum(votes_shown(running.site))) == first:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert later > first


@pytest.mark.slow
def test_its_pages_say_that_this_is_no_real_night(running):
    assert "Replay of the night of March 5, 2024" in page_text(running.site)


@pytest.mark.slow
def test_all_it_names_is_there(running):
    for address in re.findall(r"http://\S+", running.words):
        assert page_text(address) or urllib3.request("GET", address, redirect=True).status == 200


@pytest.mark.slow
def test_its_admin_login_works(running):
    user, password = re.search(r"user (\S+), password (\S+)\)", running.words).groups()
    login = f"{running.site}/admin/login/?next=/admin/"
    form = urllib3.request("GET", login)
    token = re.search(rb'csrfmiddlewaretoken" value="(\w+)"', form.data)[1].decode()
    answer = urllib3.request(
        "POST",
        login,
        body=urlencode({"username": user, "password": password, "csrfmiddlewaretoken": token}),
        headers={
            "Cookie": form.headers["Set-Cookie"].split(";")[0],
            "Content-Type": "application/x-www-form-urlencoded",
        },
        redirect=False,
    )
    assert (answer.status, answer.headers["Location"]) == (302, "/admin/")


@pytest.mark.slow
def test_a_second_demo_on_its_port_is_refused_and_does_it_no_harm(running):
    second = demo("--port", str(running.port))
    refusal, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert f"Port {running.port} is taken" in refusal
    assert votes_shown(running.site)


@pytest.mark.slow
def test_ctrl_c_is_no_error_and_leaves_no_process(running):
    """The last test of the demo that they share: a second one would take as long as all of them."""
    # Valkey, web and its worker, the replay, the Celery worker with two processes and a beat.
    deadline = time.monotonic() + START_SECONDS
    while len(started := descendants(running.process.pid)) < 8:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    running.process.send_signal(signal.SIGINT)
    last_words, _ = running.process.communicate(timeout=30)
    assert (running.process.returncode, last_words.strip()) == (0, "Stopped.")
    assert not wait_until_gone(started)


def test_a_port_that_another_program_has_is_refused_at_once():
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        process = demo("--port", str(port))
        words, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Port {port} is taken by another program" in words
    assert "Traceback" not in words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "0"], "0 is not a port"),
        (["--port", "65536"], "65536 is not a port"),
        (["--speed", "0"], "The speed must be above 0"),
        (["--speed", "nan"], "The speed must be above 0"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(arguments, words):
    process = demo(*arguments)
    answer, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert words in answer
    assert "Traceback" not in answer
