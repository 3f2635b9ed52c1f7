"""A reader of a demo that runs in a process of its own."""

import html
import re
import subprocess
import time

import urllib3

VOTES = re.compile(r"([1-9][\d,]*) votes counted")


def page_text(url: str) -> str:
    """The words of a page, or "" while it does not answer."""
    try:
        answer = urllib3.request("GET", url, retries=False, timeout=10)
    except urllib3.exceptions.HTTPError:
        return ""
    if answer.status != 200:
        return ""
    without_tags = re.sub(r"<[^>]*>", " ", answer.data.decode())
    return " ".join(html.unescape(without_tags).split())


def votes_shown(url: str) -> list[int]:
    """The votes counted that the cards of a page show, those above 0."""
    return [int(found.replace(",", "")) for found in VOTES.findall(page_text(url))]


def wait_for_votes(url: str, process: subprocess.Popen, seconds: float) -> list[int]:
    """The first votes that the page shows.

    Raises TimeoutError after `seconds`, or RuntimeError if the demo ends before.
    """
    deadline = time.monotonic() + seconds
    while not (votes := votes_shown(url)):
        if process.poll() is not None:
            raise RuntimeError(f"the demo ended with code {process.returncode}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"no votes on {url} after {seconds:.0f} seconds")
        time.sleep(0.2)
    return votes
