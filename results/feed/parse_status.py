"""The status endpoint: how far each county's count is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from results.feed.counties import BY_SLUG, STATEWIDE_NUMBER
from results.feed.facts import CountyStatus, Problem
from results.feed.times import CALIFORNIA, parse_reporting_time
from results.feed.values import FieldError, count, required

_REPORT_TYPES = ("", "R", "F", "U", "S")


def parse_statuses(
    path: str, data: Any
) -> tuple[tuple[()], tuple[CountyStatus, ...], tuple[Problem, ...]]:
    """(no reports, a status a county, what could not be understood).

    Both spellings are read: `timestamp` in words, and `lastReportTimestamp` as yyyyMMddHHmm.
    """
    if not isinstance(data, dict):
        return (), (), (Problem(path, "", "an object by county was expected"),)
    statuses: list[CountyStatus] = []
    problems: list[Problem] = []
    for slug, row in data.items():
        try:
            statuses.append(_status(slug, row))
        except FieldError as wrong:
            problems.append(Problem(path, f"{slug}{wrong.field}", wrong.reason))
    return (), tuple(statuses), tuple(problems)


def _status(slug: str, row: Any) -> CountyStatus:
    if slug != "statewide" and slug not in BY_SLUG:
        raise FieldError("", "is neither a county nor statewide")
    if not isinstance(row, dict):
        raise FieldError("", "an object was expected")
    kind = row.get("reportType") or ""
    if kind not in _REPORT_TYPES:
        raise FieldError(".reportType", f"{kind!r} is no report type")
    return CountyStatus(
        county=STATEWIDE_NUMBER if slug == "statewide" else BY_SLUG[slug].number,
        precincts_reporting=_read(row, "precinctsReporting", count),
        precincts_total=_read(row, "precinctsTotal", count),
        report_type=kind,
        turnout=_optional(row, "voterTurnout", count),
        registered=_optional(row, "totalRegisteredVoters", count),
        reported_at=_optional(row, "timestamp", parse_reporting_time)
        or _optional(row, "lastReportTimestamp", _compact_time),
    )


def _read(row: dict[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
    value = required(row, name)
    try:
        return read(value)
    except (ValueError, TypeError, AttributeError) as reason:
        raise FieldError(f".{name}", str(reason)) from None


def _optional(row: dict[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
    return None if row.get(name) in (None, "", 0, "0") else _read(row, name, read)


def _compact_time(value: Any) -> datetime:
    return datetime.strptime(str(value)[:12], "%Y%m%d%H%M").replace(tzinfo=CALIFORNIA)
