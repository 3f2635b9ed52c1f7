"""Tries `make demo` as a person does: run as `python -m tests.demo.smoke` from the top folder.

Starts it, waits until the front page shows votes, presses Ctrl-C, and looks for processes left.
"""

import os
import signal
import subprocess
import sys
import time

from dashboard.embedded import LOOPBACK, free_port
from tests.demo.processes import descendants, wait_until_gone
from tests.demo.visit import wait_for_votes

INSTALL_SECONDS = 300


def main() -> None:
    port = free_port()
    url = f"http://{LOOPBACK}:{port}/"
    began = time.monotonic()
    make = subprocess.Popen(["make", "demo", f"PORT={port}"], start_new_session=True)
    started: set[int] = set()
    try:
        votes = wait_for_votes(url, make, INSTALL_SECONDS)
        took = time.monotonic() - began
        started = descendants(make.pid)
    finally:
        # To the whole group, as a terminal does.
        os.killpg(make.pid, signal.SIGINT)
        make.wait(timeout=30)
    left = wait_until_gone(started)
    if left:
        sys.exit(f"make demo left processes behind: {sorted(left)}")
    sys.stdout.write(
        f"make demo: votes in {len(votes)} contests after {took:.1f} s, "
        f"none of its {len(started)} processes left after Ctrl-C\n"
    )


if __name__ == "__main__":
    main()
