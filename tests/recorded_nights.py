"""Recorded nights swept into the database, and read from their bodies by other means."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from results.contest_list import load_contest_list, read_contest_list
from results.feed.counties import BY_NAME
from results.feed.paths import parse_path
from results.ingest import FetchedBody, ingest
from results.recordings.recording import Recording, load
from results.sweeps import plan_for

MARCH_2024 = "2024-03-05-presidential-primary"


@lru_cache(maxsize=1)
def march_2024() -> Recording:
    return load(MARCH_2024)


def listed_election(recording: Recording, kind: str = "presidential_primary"):
    """The election of a recording with the contests of its list."""
    lines = [f"{e.label},https://api.sos.ca.gov/returns/{e.path}" for e in recording.endpoints]
    listed = read_contest_list("label,api_url\n" + "\n".join(lines))
    return load_contest_list(listed, day=recording.header.date, kind=kind)


def sweep(election, recording, moment: datetime):
    """One sweep as the feed served at a recorded moment; what was planned and what it did."""
    requests = plan_for(election)
    bodies = []
    for request in requests:
        endpoint = parse_path(request.path)
        if endpoint.office == "query":
            body = recording.query(endpoint.ids, moment)
        else:
            body = recording.body(request.path, moment)
        bodies.append(FetchedBody(request.path, body, moment, moment))
    return requests, ingest(election, bodies)


def read_independently(recording, moment) -> dict[tuple[str, int | None, int | None], dict]:
    """The same from the bodies alone, by none of the product's parsing."""
    found = {}
    for endpoint in recording.endpoints:
        body = recording.body(endpoint.path, moment)
        if body is None:
            continue
        value = json.loads(body)
        for element in value if isinstance(value, list) else [value]:
            # Of an earlier election: the district does not vote this year.
            if ", 2023, " in element["ReportingTime"] or ", 2022, " in element["ReportingTime"]:
                continue
            found.update(_of_element(endpoint.path, element))
    return found


def _of_element(path: str, element: dict) -> Iterator[tuple[tuple, dict]]:
    contest, _, area = element["raceTitle"].rpartition(" - ")
    area = area.removesuffix(" Results").removesuffix(" County")
    county = BY_NAME[area].number if area in BY_NAME else None
    district = None
    parts = path.split("/")
    if parts[0] == "president":
        slug = "-".join(parts[:3])
        if " District " in contest:
            district = int(contest.rpartition(" ")[2])
    elif parts[0] in ("us-rep", "state-senate", "state-assembly"):
        slug = f"{parts[0]}-district-{contest.rpartition(' ')[2]}"
    else:
        slug = parts[0]
    precincts = element["Reporting"].partition(" ")[2].partition(" precincts")[0]
    if "ballot-measures" in element:
        for measure in element["ballot-measures"]:
            votes = {
                ("Yes", ""): int(measure["yesVotes"]),
                ("No", ""): int(measure["noVotes"]),
            }
            key = (f"ballot-measures-prop-{int(measure['Number'])}", county, district)
            yield key, {"votes": votes, "precincts": precincts}
    else:
        votes = {
            (c["Name"], c["Party"]): int(c["Votes"].replace(",", "")) for c in element["candidates"]
        }
        yield (slug, county, district), {"votes": votes, "precincts": precincts}
