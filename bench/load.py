"""Requests per second of an address: by wrk where it is installed, else by plain sockets."""

import re
import shutil
import socket
import statistics
import subprocess
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 16
SECONDS = 2.0
ROUNDS = 5


def ratio(measured: str, reference: str) -> float:
    """The median of measured / reference over rounds in which both are asked in turn."""
    for url in (measured, reference):
        per_second(url)
    return statistics.median(per_second(measured) / per_second(reference) for _ in range(ROUNDS))


def per_second(url: str) -> float:
    return _by_wrk(url) if shutil.which("wrk") else _by_sockets(url)


def _by_wrk(url: str) -> float:
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS:g}s",
        "-H",
        "Accept-Encoding: br",
        url,
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(f"{url} answers with errors:\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None
    return float(found.group(1))


def _by_sockets(url: str) -> float:
    until = time.perf_counter() + SECONDS
    counts = [0] * 4
    threads = [
        threading.Thread(target=_ask, args=(url, until, counts, n)) for n in range(len(counts))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def _ask(url: str, until: float, counts: list[int], place: int) -> None:
    parts = urlsplit(url)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80)) as connection:
        request = (
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: br\r\n\r\n"
        ).encode()
        answer = connection.makefile("rb")
        while time.perf_counter() < until:
            connection.sendall(request)
            status = answer.readline()
            length = 0
            while (line := answer.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            answer.read(length)
            if not status.startswith(b"HTTP/1.1 2"):
                raise RuntimeError(f"{url} answers {status!r}")
            counts[place] += 1
