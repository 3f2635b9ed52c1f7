"""Runs several processes as one: they start together, and none outlives the others."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL_SECONDS = 0.05
_LAST_LINES = 20
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Stopped(BaseException):
    """A person or the system asked to stop. Not an Exception, so that nothing on the way up
    takes it for a fault and goes on."""


class ChildFailed(Exception):
    """A process ended that should have gone on, or ended with an error; says its last lines."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ends: bool
    """Whether it is meant to end by itself."""

    def has_failed(self) -> bool:
        code = self.process.poll()
        return code is not None and not (self.ends and code == 0)

    def last_lines(self) -> str:
        text = self.log.read_text(errors="replace")
        return "\n".join(text.splitlines()[-_LAST_LINES:])


@dataclass
class Supervisor:
    """Starts processes, each in a session of its own with a log in `folder`, and stops them.

    Use as a context manager in the main thread: inside, SIGINT, SIGTERM and SIGHUP raise Stopped;
    on the way out, all that was started is ended, the first started (the one others rely on) last.
    """

    folder: Path
    environment: Mapping[str, str]
    grace_seconds: float = 5.0
    """How long a process may take to end by itself before it is killed."""
    children: list[Child] = field(default_factory=list)

    def __enter__(self) -> "Supervisor":
        for number in STOP_SIGNALS:
            # Under nohup the hang-up of the terminal stays ignored.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _raise_stopped)
        return self

    def __exit__(self, *_exception: object) -> None:
        _ignore_stop_signals()
        self.stop()

    def start(
        self, name: str, command: Sequence[str], *, ends: bool = False, **environment: str
    ) -> Child:
        """Start a process, with these variables more; its output goes to <name>.log."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - the commands are the callers' own
                list(command),
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        child = Child(name, process, log, ends)
        self.children.append(child)
        return child

    def finish(self, child: Child) -> None:
        """Wait for a process that ends by itself. Raises ChildFailed if any ends with an error."""
        while child.process.poll() is None:
            self._check()
            time.sleep(_POLL_SECONDS)
        self._check()

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait for something to be ready. Raises ChildFailed when a process ends meanwhile, and
        TimeoutError after `seconds`."""
        deadline = time.monotonic() + seconds
        while not ready():
            self._check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not come up within {seconds:.0f} seconds.")
            time.sleep(_POLL_SECONDS)

    def watch(self) -> NoReturn:
        """Wait until something goes wrong: raises ChildFailed, or Stopped."""
        while True:
            self._check()
            time.sleep(0.25)

    def _check(self) -> None:
        for child in self.children:
            if child.has_failed():
                raise _failure(child)

    def stop(self) -> None:
        """End all processes and whatever they started: asked first, killed after a while."""
        first, rest = self.children[:1], self.children[1:]
        for batch in (rest, first):
            for child in batch:
                if child.process.poll() is None:
                    # The leader alone: it ends its own children in its own order.
                    child.process.terminate()
            deadline = time.monotonic() + self.grace_seconds
            for child in batch:
                try:
                    child.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    child.process.kill()
                _kill_group(child.process.pid)
                child.process.wait()
        self.children.clear()


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """What a new process calls first so that the system sends it a signal when its parent is gone.

    None where the system has no such call; there a killed supervisor leaves its children.
    """
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it went before the call was made
            os._exit(1)

    return ask


def end_with_parent() -> None:
    """Have the system send SIGTERM to this very process when the one that started it is gone."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _ignore_stop_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _raise_stopped(number: int, _frame: FrameType | None) -> NoReturn:
    # An impatient second one must not break into the stopping.
    _ignore_stop_signals()
    raise Stopped(signal.Signals(number).name)


def _kill_group(leader: int) -> None:
    # Nobody may be left; macOS then answers with a permission error.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _failure(child: Child) -> ChildFailed:
    code = child.process.returncode
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    return ChildFailed(f"{child.name} {how}. Its last lines ({child.log}):\n{child.last_lines()}")
