"""The shipped nginx configuration in a real nginx, in front of a server of this machine."""

import os
import shutil
from pathlib import Path

import pytest
import urllib3

from dashboard.embedded import LOOPBACK, free_port
from dashboard.supervisor import Supervisor

DEPLOY = Path(__file__).parents[2] / "deploy"


def nginx_program() -> str:
    """Where nginx is. Without one the test is skipped; with REQUIRE_NGINX=1 it fails."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not program:
        reason = "no nginx found on the PATH"
        if os.environ.get("REQUIRE_NGINX") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def nginx_command(folder: Path, port: int, upstream_port: int) -> list[str]:
    """nginx with deploy/nginx.conf as it is; the files of its site/ say this port and upstream."""
    site = folder / "site"
    site.mkdir(parents=True)
    shutil.copy(DEPLOY / "nginx.conf", folder / "nginx.conf")
    (site / "listen.conf").write_text(f"listen {LOOPBACK}:{port};\n")
    (site / "upstream.conf").write_text(
        f"upstream web {{ server {LOOPBACK}:{upstream_port}; keepalive 64; }}\n"
    )
    # Workers of another user could not write into root's temporary folders.
    user = "user root; " if os.geteuid() == 0 else ""
    return [
        *(nginx_program(), "-e", "stderr", "-p", f"{folder}/", "-c", str(folder / "nginx.conf")),
        *("-g", f"{user}daemon off;"),
    ]


def start_nginx(processes: Supervisor, folder: Path, upstream_port: int) -> str:
    """The address of an nginx in front of this port, ready to answer."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    processes.start("nginx", nginx_command(folder, port, upstream_port))

    def answers() -> bool:
        try:
            urllib3.request("GET", f"{url}/healthz", retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return True

    processes.wait_until(answers, "nginx", 20)
    return url
