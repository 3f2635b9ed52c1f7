import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard.supervisor import ChildFailed, Supervisor
from tests.demo.processes import descendants, lives, wait_until_gone

PYTHON = sys.executable
SLEEP = "import time; time.sleep(600)"
ROOT = Path(__file__).parents[2]

SUPERVISED = """
import os, sys
from pathlib import Path
from dashboard.supervisor import Stopped, Supervisor
try:
    with Supervisor(Path(sys.argv[1]), os.environ) as running:
        running.start("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"])
        print("up", flush=True)
        running.watch()
except Stopped as asked:
    print(asked, flush=True)
"""


@pytest.fixture
def running(tmp_path):
    supervisor = Supervisor(tmp_path, os.environ, grace_seconds=0.5)
    yield supervisor
    supervisor.stop()


@pytest.fixture
def supervised(tmp_path):
    """A process that supervises another one, and that one's id."""
    process = subprocess.Popen(
        [PYTHON, "-c", SUPERVISED, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    children = descendants(process.pid)
    assert len(children) == 1
    yield process, children
    process.kill()
    process.communicate()


def wait_for_log(running: Supervisor, child, words: str) -> None:
    running.wait_until(lambda: words in child.log.read_text(), words, 20)


def test_what_a_process_prints_is_in_its_log(running):
    child = running.start("speaker", [PYTHON, "-c", "print('spoken')"], ends=True)
    running.finish(child)
    assert child.log.read_text() == "spoken\n"


def test_a_process_gets_the_variables_of_its_own(running):
    command = [PYTHON, "-c", "import os; print(os.environ['OF_ITS_OWN'])"]
    child = running.start("reader", command, ends=True, OF_ITS_OWN="yes")
    running.finish(child)
    assert child.log.read_text() == "yes\n"


def test_a_process_that_ends_with_an_error_fails_with_its_last_lines(running):
    child = running.start("broken", [PYTHON, "-c", "raise SystemExit('no luck')"], ends=True)
    with pytest.raises(ChildFailed, match=r"broken ended with code 1(.|\n)*no luck"):
        running.finish(child)


def test_a_process_that_should_go_on_fails_when_it_ends_well(running):
    running.start("brief", [PYTHON, "-c", "print('done')"])
    with pytest.raises(ChildFailed, match="brief ended with code 0"):
        running.watch()


def test_a_process_ended_by_a_signal_is_told_by_its_name(running):
    child = running.start("sleeper", [PYTHON, "-c", SLEEP])
    child.process.kill()
    with pytest.raises(ChildFailed, match="sleeper was ended by SIGKILL"):
        running.watch()


def test_waiting_ends_when_a_process_fails_meanwhile(running):
    running.start("broken", [PYTHON, "-c", "raise SystemExit(3)"])
    with pytest.raises(ChildFailed, match="broken ended with code 3"):
        running.wait_until(lambda: False, "never", 60)


def test_waiting_ends_after_its_time(running):
    with pytest.raises(TimeoutError, match="The moon did not come up within 0 seconds"):
        running.wait_until(lambda: False, "The moon", 0)


def test_stopping_ends_what_the_processes_started_too(running):
    shell = running.start("shell", ["sh", "-c", "sleep 600 & sleep 600 & echo up; wait"])
    wait_for_log(running, shell, "up")
    started = {shell.process.pid} | descendants(shell.process.pid)
    assert len(started) == 3
    running.stop()
    assert not wait_until_gone(started)


def test_a_process_that_will_not_end_is_killed(running):
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    child = running.start("stubborn", [PYTHON, "-uc", stubborn + "print('up'); time.sleep(600)"])
    wait_for_log(running, child, "up")
    running.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_the_process_started_first_is_stopped_last(running, tmp_path):
    says = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit("
    note = f"open({str(tmp_path / 'order')!r}, 'a').write(sys.argv[1])));"
    for name in ("first", "second", "third"):
        command = [PYTHON, "-uc", says + note + "print('up'); time.sleep(600)", f"{name} "]
        wait_for_log(running, running.start(name, command), "up")
    running.stop()
    assert (tmp_path / "order").read_text().split()[-1] == "first"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_is_no_error(supervised, number):
    process, children = supervised
    process.send_signal(number)
    said, _ = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, f"{number.name}\n")
    assert not wait_until_gone(children)


def test_impatience_while_stopping_changes_nothing(supervised):
    process, children = supervised
    for _ in range(20):
        process.send_signal(signal.SIGINT)
        time.sleep(0.005)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert not wait_until_gone(children)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such call")
def test_nothing_outlives_a_killed_supervisor(supervised):
    process, children = supervised
    assert all(lives(pid) for pid in children)
    process.kill()
    assert not wait_until_gone(children)
