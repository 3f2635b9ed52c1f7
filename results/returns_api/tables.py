"""The returns as CSV: columns of our own, for the Secretary of State's are not published."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from results.feed.contest_ids import contest_id
from results.feed.counties import BY_NUMBER, STATEWIDE_NUMBER
from results.feed.facts import Area, AreaKind, CountyStatus, Report
from results.feed.offices import OFFICES
from results.feed.parse import parse_body
from results.feed.represent import candidate_percent, race_title

COLUMNS = (
    "contest_id",
    "race_title",
    "area",
    "county",
    "measure",
    "name",
    "choice",
    "party",
    "incumbent",
    "votes",
    "percent",
    "precincts_reporting",
    "precincts_total",
    "precincts_percent",
    "reporting_time",
)
STATUS_COLUMNS = (
    "county_number",
    "county",
    "report_type",
    "precincts_reporting",
    "precincts_total",
    "turnout",
    "registered",
    "turnout_percent",
    "reporting_time",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(path: str, body: bytes) -> bytes:
    """A body of the returns API as CSV (RFC 4180, UTF-8): a line a candidate or choice.

    path is the address it answers, after /returns/.
    """
    said = parse_body(path, body)
    if path.startswith("status"):
        return table([STATUS_COLUMNS, *map(_status_row, said.statuses)])
    return table([COLUMNS, *(row for report in said.reports for row in _rows(report))])


def table(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV, no cell of which a spreadsheet takes for a formula."""
    file = io.StringIO()
    csv.writer(file).writerows([_safe(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def _safe(cell: Any) -> Any:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _rows(report: Report) -> Iterable[Sequence[Any]]:
    contest = report.contest
    is_candidates = OFFICES[contest.office].body == "candidates"
    for choice in report.choices:
        yield (
            contest_id(contest, report.area) or "",
            race_title(report),
            _area(report.area),
            BY_NUMBER[report.area.number].name if report.area.kind == AreaKind.COUNTY else "",
            contest.measure,
            choice.name if is_candidates else report.subject,
            "" if is_candidates else choice.name,
            choice.party,
            ("yes" if choice.incumbent else "no") if is_candidates else "",
            choice.votes,
            choice.percent,
            report.precincts_reporting,
            report.precincts_total,
            report.reporting_percent,
            report.reported_at.isoformat(),
        )


def _area(area: Area) -> str:
    """A word for it: the county's slug, `district-12`, or `whole` for the contest's own area."""
    if area.kind == AreaKind.COUNTY:
        return BY_NUMBER[area.number].slug
    return f"district-{area.number}" if area.kind == AreaKind.DISTRICT else "whole"


def _status_row(status: CountyStatus) -> Sequence[Any]:
    turnout, registered = status.turnout, status.registered
    return (
        status.county,
        "Statewide" if status.county == STATEWIDE_NUMBER else BY_NUMBER[status.county].name,
        status.report_type,
        status.precincts_reporting,
        status.precincts_total,
        "" if turnout is None else turnout,
        "" if registered is None else registered,
        candidate_percent(turnout, registered) if turnout is not None and registered else "",
        status.reported_at.isoformat() if status.reported_at else "",
    )
