"""The list of endpoints in the form in which the Secretary of State publishes it."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from results.feed.offices import OFFICES
from results.feed.paths import parse_path


def endpoint_list(base: str, day: date, kind: str, paths: Iterable[str]) -> str:
    """`api-endpoints.csv`: the base, a title, and full addresses in blocks by office.

    base is what stands before the paths, its last slash included; kind is in words ("Presidential
    Primary"); paths must be addresses of the API. Queries stand below all others.
    """
    places = {office: place for place, office in enumerate([*OFFICES, "status", "maps", "query"])}
    by_office = sorted(
        ((places[parse_path(path).office], path) for path in paths), key=lambda pair: pair[0]
    )
    title = (
        f"|This file lists all available endpoints for the California "
        f"{day:%B} {day.day}, {day.year} {kind} Election|"
    )
    lines = [base, f'"{title}"']
    for _, block in groupby(by_office, key=lambda pair: pair[0]):
        lines += ["", *(f"{base}{path}" for _, path in block)]
    return "\n".join([*lines, ""])
