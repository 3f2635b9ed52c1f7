"""The status endpoint: how far each county's count is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from results.feed.counties import BY_SLUG, STATEWIDE_NUMBER
from results.feed.facts import CountyStatus, Problem
from results.feed.times import parse_compact_time, parse_reporting_time
from results.feed.values import FieldError, count, field, kind_of, shown

T = TypeVar("T")

_REPORT_TYPES = {
    "": "",
    "R": "R",
    "F": "F",
    "SF": "F",  # so the results site abbreviates the semi-official final report
    "U": "U",
    "S": "S",
}


def parse_statuses(path: str, data: Any) -> tuple[tuple[CountyStatus, ...], tuple[Problem, ...]]:
    """A status for each county (and the state, if it has one), and what was not understood.

    Both spellings are read: `timestamp` in words, and `lastReportTimestamp` as yyyyMMddHHmm.
    """
    if not isinstance(data, dict):
        problem = Problem(path, "", f"an object by county was expected, not {kind_of(data)}")
        return (), (problem,)
    if not data:
        return (), (Problem(path, "", "the object is empty"),)
    if isinstance(data.get("message"), str):
        return (), (Problem(path, "", f"no status but a message: {shown(data['message'])}"),)
    statuses: list[CountyStatus] = []
    problems: list[Problem] = []
    for slug, row in data.items():
        if slug != "statewide" and slug not in BY_SLUG:
            problems.append(Problem(path, "", f"{shown(slug)} is neither a county nor statewide"))
            continue
        try:
            statuses.append(_status(slug, row))
        except FieldError as wrong:
            problems.append(Problem(path, f"{slug}{wrong.field}", wrong.reason))
    return tuple(statuses), tuple(problems)


def _status(slug: str, row: Any) -> CountyStatus:
    if not isinstance(row, dict):
        raise FieldError("", f"an object was expected, not {kind_of(row)}")
    return CountyStatus(
        county=STATEWIDE_NUMBER if slug == "statewide" else BY_SLUG[slug].number,
        precincts_reporting=field(row, "precinctsReporting", count),
        precincts_total=field(row, "precinctsTotal", count),
        report_type=_optional(row, "reportType", _report_type) or "",
        turnout=_optional(row, "voterTurnout", count),
        registered=_optional(row, "totalRegisteredVoters", count),
        reported_at=_optional(row, "timestamp", _time)
        or _optional(row, "lastReportTimestamp", _time),
    )


def _optional(row: dict[str, Any], name: str, read: Callable[[Any], T]) -> T | None:
    return None if row.get(name) in (None, "") else field(row, name, read)


def _report_type(value: Any) -> str:
    try:
        return _REPORT_TYPES[value]
    except KeyError:
        raise ValueError(f"{shown(value)} is no report type") from None


def _time(value: Any) -> datetime | None:
    written = str(value) if isinstance(value, str | int) else shown(value)
    if not written.strip("0"):
        return None  # "zero or unknown", as the guide to the text files has it
    return parse_compact_time(written) if written.isdecimal() else parse_reporting_time(written)
