"""What a reader downloads and how soon a page is there, in a real Chromium and over the wire."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import urllib3

from bench import night
from bench.live import _web
from dashboard.embedded import LOOPBACK
from dashboard.supervisor import Supervisor
from results.feed.client import FeedClient

PAGES = {
    "overview": "/",
    "a contest": "/contests/us-senate/",
    "all contests": "/contests/",
    "counties": "/counties/",
    "a county": "/counties/los-angeles/",
}
PAINTED = """() => new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
        .observe({type: "largest-contentful-paint", buffered: true});
})"""


def run(services: Supervisor, folder: Path) -> Iterator[tuple[str, str, str]]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    feed = night.standing_replay(services, night.LATE)
    election = night.fresh_election(feed)
    night.sweep(election, FeedClient(feed), times=2)
    night.publish_all(election)
    site = _web(services, "dashboard.wsgi:application")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium:
        yield from _in_chromium(site, chromium)
    else:
        yield "pages in Chromium", "skipped", "Chromium is not installed"
    html = urllib3.request("GET", f"{site}/").data.decode()
    poll = html.partition('id="poller"')[2].partition('hx-get="')[2].partition('"')[0]
    yield "a poll with nothing new, headers included", f"{_bytes(site, poll)} B", "under 300 B"


def _in_chromium(site: str, chromium: str) -> Iterator[tuple[str, str, str]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, path in PAGES.items():
            bar = name == "overview"
            weights, paints = [], []
            for _ in range(3):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                page = context.new_page()
                received: list[int] = []
                devtools = context.new_cdp_session(page)
                devtools.send("Network.enable")
                devtools.on(
                    "Network.loadingFinished",
                    lambda event, received=received: received.append(event["encodedDataLength"]),
                )
                page.goto(site + path, wait_until="load")
                page.wait_for_timeout(300)
                paints.append(page.evaluate(PAINTED))
                weights.append(sum(received))
                context.close()
            kilobytes, milliseconds = max(weights) / 1000, sorted(paints)[1]
            yield (
                f"{name}, first visit, all it loads",
                f"{kilobytes:.0f} KB",
                "under 120 KB" if bar else "(no bar)",
            )
            yield (
                f"{name}, largest contentful paint",
                f"{milliseconds:.0f} ms",
                "under 1000 ms" if bar else "(no bar)",
            )
        browser.close()


def _bytes(site: str, path: str) -> int:
    """The bytes of one answer as they come from the socket."""
    port = int(site.rpartition(":")[2])
    with socket.create_connection((LOOPBACK, port), timeout=5) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\n"
            "Accept-Encoding: br\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return len(answer)
