"""The web process alone, and behind the shipped nginx: polls and the overview."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import urllib3

from bench import load, night
from dashboard.embedded import LOOPBACK, free_port
from dashboard.management.commands.demo import web_command
from dashboard.supervisor import Supervisor
from results.feed.client import FeedClient


def run(services: Supervisor, folder: Path) -> Iterator[tuple[str, str, str]]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    feed = night.standing_replay(services, night.LATE)
    election = night.fresh_election(feed)
    night.sweep(election, FeedClient(feed), times=2)
    night.publish_all(election)
    site = _web(services, "dashboard.wsgi:application")
    page = urllib3.request(
        "GET", f"{site}/", headers={"Accept-Encoding": "br"}, decode_content=False
    )
    html = urllib3.request("GET", f"{site}/").data.decode()
    poll = html.partition('hx-get="')[2].partition('"')[0]
    empty = _web(services, "bench.empty:application", CONSTANT_BYTES="0")
    same = _web(services, "bench.empty:application", CONSTANT_BYTES=str(len(page.data)))
    yield (
        "poll with nothing new / empty view, one worker",
        f"{load.ratio(site + poll, empty + '/'):.2f}",
        "at least 0.6",
    )
    yield (
        "overview / empty view of the same size, one worker",
        f"{load.ratio(site + '/', same + '/'):.2f}",
        "(no bar)",
    )
    yield from _returns(services, site)
    if shutil.which("nginx") or Path("/usr/sbin/nginx").exists():
        yield from _behind_nginx(services, folder, site, poll, len(page.data))
    else:
        yield "behind nginx", "skipped", "nginx is not installed"


def _returns(services: Supervisor, site: str) -> Iterator[tuple[str, str, str]]:
    """The returns API, plain, as most of its clients ask."""
    for what in ("us-senate", "us-senate/county/all"):
        address = f"{site}/returns/{what}"
        size = len(urllib3.request("GET", address).data)
        same = _web(services, "bench.empty:application", CONSTANT_BYTES=str(size))
        yield (
            f"/returns/{what} ({size:,} bytes) / empty view of the same size, one worker",
            f"{load.ratio(address, same + '/'):.2f}",
            "at least 0.5",
        )


def _behind_nginx(
    services: Supervisor, folder: Path, site: str, poll: str, size: int
) -> Iterator[tuple[str, str, str]]:
    from tests.deploy.nginx import start_nginx

    front = start_nginx(services, folder / "nginx", int(site.rpartition(":")[2]))
    static = folder / "static-site"
    static.mkdir()
    (static / "overview.bin").write_bytes(b"x" * size)
    (static / "poll.bin").write_bytes(b"")
    plain = _static_nginx(services, folder, static)
    yield (
        "poll behind the shipped nginx.conf / static file",
        f"{load.ratio(front + poll, plain + '/poll.bin'):.2f}",
        "at least 0.85",
    )
    yield (
        "overview behind the shipped nginx.conf / static file",
        f"{load.ratio(front + '/', plain + '/overview.bin'):.2f}",
        "at least 0.85",
    )


def _static_nginx(services: Supervisor, folder: Path, root: Path) -> str:
    port = free_port()
    conf = folder / "static.conf"
    root.chmod(0o755)
    folder.chmod(0o755)
    conf.write_text(
        f"""daemon off; worker_processes 1; pid {folder}/static.pid; error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; keepalive_requests 100000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen {LOOPBACK}:{port}; root {root}; }}
}}
"""
    )
    services.start("static-nginx", ["nginx", "-c", str(conf), "-p", str(folder)])
    url = f"http://{LOOPBACK}:{port}"
    services.wait_until(lambda: _answers(f"{url}/poll.bin"), "nginx", 20)
    return url


def _web(services: Supervisor, application: str, **environment: str) -> str:
    """One worker of the web server, as the demo starts it."""
    port = free_port()
    command = [*web_command(port)[:-1], "--no-access-log", application]
    services.start(f"web-{port}", command, **environment)
    url = f"http://{LOOPBACK}:{port}"
    services.wait_until(lambda: _answers(f"{url}/healthz"), application, 30)
    return url


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False).status in (200, 204)
    except urllib3.exceptions.HTTPError:
        return False
