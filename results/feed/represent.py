"""From facts back to the feed's bodies: the inverse of parse."""

import json
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from results.feed.counties import BY_NUMBER
from results.feed.facts import AreaKind, Report
from results.feed.offices import OFFICES
from results.feed.times import format_reporting_time

_TENTH = Decimal("0.1")


@lru_cache(maxsize=65536)
def candidate_percent(votes: int, total: int) -> str:
    """A share of the votes as the feed writes it: one decimal, half up, "0.0" of nothing."""
    if not total:
        return "0.0"
    # Whole numbers only: thousandths of the share, rounded half up to tenths of a percent.
    tenths = (2000 * votes + total) // (2 * total)
    return f"{tenths // 10}.{tenths % 10}"


def yes_no_percents(yes: int, no: int) -> tuple[str, str]:
    """The two shares of a measure or a retention as the feed writes them: together 100.0."""
    if not yes + no:
        return "0.0", "0.0"
    tenths = (2000 * yes + yes + no) // (2 * (yes + no))
    return f"{tenths // 10}.{tenths % 10}", f"{(1000 - tenths) // 10}.{(1000 - tenths) % 10}"


def computed_percents(report: Report) -> tuple[str, ...]:
    """Each choice's share by its votes, in the feed's writing, to hold against what it wrote."""
    if OFFICES[report.contest.office].body == "candidates":
        total = report.total_votes
        return tuple(candidate_percent(choice.votes, total) for choice in report.choices)
    yes, no = report.choices
    return yes_no_percents(yes.votes, no.votes)


@lru_cache(maxsize=16384)
def reporting_percent(reporting: int, total: int) -> str:
    """A share of the precincts as candidates' bodies write it: half even, ".0" dropped."""
    if not total:
        return "0"
    share = (Decimal(100 * reporting) / Decimal(total)).quantize(_TENTH, ROUND_HALF_EVEN)
    return str(share).removesuffix(".0")


def represent(report: Report) -> dict[str, Any]:
    """The element of a body that says what this report does, keys in the feed's order."""
    if OFFICES[report.contest.office].body != "candidates":
        return represent_group([report])
    return {
        "raceTitle": race_title(report),
        "Reporting": _reporting(report, report.reporting_percent),
        "ReportingTime": format_reporting_time(report.reported_at),
        "candidates": [
            {
                "Name": choice.name,
                "Party": choice.party,
                "Votes": f"{choice.votes:,}",
                "Percent": choice.percent,
                "incumbent": choice.incumbent,
            }
            for choice in report.choices
        ],
    }


def represent_group(reports: Sequence[Report]) -> dict[str, Any]:
    """The one element in which measures, or the justices of a court, stand together."""
    first = max(reports, key=lambda report: report.reported_at)
    office = OFFICES[first.contest.office]
    percent = first.reporting_percent
    if "." not in percent and percent.isdecimal():
        percent += ".0"
    items = []
    for report in reports:
        yes, no = report.choices
        item = {"Name": report.subject}
        if office.body == "measures":
            item["Number"] = report.contest.measure.zfill(2)
        item |= {
            "yesVotes": str(yes.votes),
            "yesPercent": yes.percent,
            "noVotes": str(no.votes),
            "noPercent": no.percent,
        }
        items.append(item)
    return {
        "raceTitle": race_title(first),
        "Reporting": _reporting(first, percent),
        "ReportingTime": format_reporting_time(first.reported_at),
        office.list_key: items,
    }


def race_title(report: Report) -> str:
    """A report's raceTitle, with its area in the feed's words."""
    office = OFFICES[report.contest.office]
    if report.area.kind == AreaKind.COUNTY:
        name = BY_NUMBER[report.area.number].name
        place = name if office.body == "measures" else f"{name} County"
    elif report.area.kind == AreaKind.DISTRICT or office.districts:
        place = "Districtwide"
    else:
        place = "Statewide"
    return f"{report.title} - {place} Results"


def body_bytes(value: Any) -> bytes:
    """A body as the feed spells it: two spaces, accents as they are, no newline at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def _reporting(report: Report, percent: str) -> str:
    return (
        f"{percent}% ({report.precincts_reporting:,} of {report.precincts_total:,}) "
        "precincts reporting"
    )
