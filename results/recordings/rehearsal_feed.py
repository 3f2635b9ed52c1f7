"""The feed of a rehearsal: a recorded night on its clock, shuffled and troubled as was chosen."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from results.feed.counties import BY_SLUG
from results.feed.represent import body_bytes, candidate_percent, yes_no_percents
from results.recordings.recording import Recording, load
from results.recordings.replay_clock import ReplayClock
from results.recordings.replay_server import ReplayServer, Trouble

DEAD = (timedelta(minutes=60), timedelta(minutes=80))
HTML = (timedelta(minutes=100), timedelta(minutes=110))
SPIKE = (timedelta(minutes=120), timedelta(minutes=150))
GIANT_REPORTS_AFTER = timedelta(minutes=180)
"""When troubles are, after the polls' close."""
GIANT, DOUBLED = "los-angeles", "orange"
_HTML_BODY = b"<!doctype html><html><head><title>Please wait</title></head><body></body></html>"

Element = dict[str, Any]
Alter = Callable[[str, bytes, datetime], bytes]


@dataclass(frozen=True, slots=True)
class Script:
    """What is played: from when its troubles count, which, and whether figures are invented."""

    night: str
    polls_close: datetime
    troubles: frozenset[str]
    seed: int | None


@contextmanager
def rehearsal_feed(script: Script, moment: datetime) -> Iterator[str]:
    """The address of a feed that serves a script at a moment, as long as it is needed."""
    recording = _recording(script.night)
    with ReplayServer(recording, 1.0, moment, end=moment, alter=_alter(script, recording)) as feed:
        # It stands still meanwhile: what one sweep asks belongs to one moment.
        feed.clock = ReplayClock(moment, moment, 1.0)
        feed.clock.pause()
        feed.troubles |= troubles_at(script, moment)
        yield feed.url


@lru_cache(maxsize=2)
def _recording(night: str) -> Recording:
    return load(night)


def troubles_at(script: Script, moment: datetime) -> dict[str, Trouble]:
    """What goes wrong with the whole feed at a moment."""
    into = moment - script.polls_close
    if "dead" in script.troubles and DEAD[0] <= into < DEAD[1]:
        return {"*": Trouble(drop=True)}
    if "html" in script.troubles and HTML[0] <= into < HTML[1]:
        return {"*": Trouble(status=200, body=_HTML_BODY, headers={"Content-Type": "text/html"})}
    return {}


def _alter(script: Script, recording: Recording) -> Alter:
    def alter(path: str, body: bytes, moment: datetime) -> bytes:
        into = moment - script.polls_close
        late = "late_giant" in script.troubles and into < GIANT_REPORTS_AFTER
        doubled = "spike" in script.troubles and SPIKE[0] <= into < SPIKE[1]
        if script.seed is None and not ((late or doubled) and path.endswith("/county/all")):
            return body
        try:
            value = json.loads(body)
        except ValueError:
            return body
        elements = value if isinstance(value, list) else [value]
        if path.endswith("/county/all"):
            if late:
                add_county(elements, GIANT, -1)
            if doubled:
                add_county(elements, DOUBLED, 1)
        if script.seed is not None:
            for element in elements:
                if isinstance(element, dict):
                    shuffle(element, script.seed)
        return body_bytes(value)

    return alter


def add_county(elements: list[Element], slug: str, times: int) -> None:
    """Add a county's votes to its own and the whole's so many times more; -1 takes them away.

    Its precincts go with them where they are taken away.
    """
    title = f" - {BY_SLUG[slug].name} County Results"
    county = next((one for one in elements if one.get("raceTitle", "").endswith(title)), None)
    whole = next(
        (one for one in elements if one.get("raceTitle", "").endswith(" - Statewide Results")), None
    )
    if county is None or whole is None or "candidates" not in county:
        return
    votes = {c["Name"]: int(c["Votes"].replace(",", "")) for c in county["candidates"]}
    for element in (county, whole):
        for candidate in element["candidates"]:
            held = int(candidate["Votes"].replace(",", ""))
            added = times * votes.get(candidate["Name"], 0)
            candidate["Votes"] = f"{max(0, held + added):,}"
        _percents(element)
    if times < 0:
        reporting, total = _precincts(county)
        whole_reporting, whole_total = _precincts(whole)
        county["Reporting"] = _reporting(0, total)
        whole["Reporting"] = _reporting(max(0, whole_reporting - reporting), whole_total)


def shuffle(element: Element, seed: int) -> None:
    """Give each candidate of a contest another one's votes: the same one's in all of its areas."""
    contest = str(element.get("raceTitle", "")).rpartition(" - ")[0]
    candidates = element.get("candidates")
    if isinstance(candidates, list):
        places = list(range(len(candidates)))
        random.Random(f"{seed} {contest} {len(places)}").shuffle(places)  # noqa: S311
        figures = [(c["Votes"], c["Percent"]) for c in candidates]
        for candidate, place in zip(candidates, places, strict=True):
            candidate["Votes"], candidate["Percent"] = figures[place]
        return
    for key in ("ballot-measures", "supreme-court", "courts-of-appeal"):
        for item in element.get(key) or ():
            named = f"{seed} {contest} {item.get('Number') or item.get('Name')}"
            if random.Random(named).random() < 0.5:  # noqa: S311
                for yes, no in (("yesVotes", "noVotes"), ("yesPercent", "noPercent")):
                    item[yes], item[no] = item[no], item[yes]
                _yes_no(item)


def _yes_no(item: Element) -> None:
    yes, no = (int(str(item[key]).replace(",", "")) for key in ("yesVotes", "noVotes"))
    item["yesPercent"], item["noPercent"] = yes_no_percents(yes, no)


def _percents(element: Mapping[str, Any]) -> None:
    votes = [int(c["Votes"].replace(",", "")) for c in element["candidates"]]
    for candidate, count in zip(element["candidates"], votes, strict=True):
        candidate["Percent"] = candidate_percent(count, sum(votes))


def _precincts(element: Mapping[str, Any]) -> tuple[int, int]:
    inside = str(element["Reporting"]).partition("(")[2].partition(")")[0]
    reporting, total = inside.split(" of ")
    return int(reporting.replace(",", "")), int(total.replace(",", ""))


def _reporting(reporting: int, total: int) -> str:
    percent = candidate_percent(reporting, total).removesuffix(".0")
    return f"{percent}% ({reporting:,} of {total:,}) precincts reporting"
