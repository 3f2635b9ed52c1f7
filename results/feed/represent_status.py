"""The body of the status endpoint: the inverse of parse_status."""

from collections.abc import Iterable
from typing import Any

from results.feed.counties import BY_NUMBER, STATEWIDE_NUMBER
from results.feed.facts import AreaKind, CountyStatus, Report
from results.feed.represent import candidate_percent, reporting_percent
from results.feed.times import format_reporting_time

STATUS_KINDS = {
    "presidential_primary": "primary",
    "primary": "primary",
    "general": "general",
    "special": "state-special",
}
"""What stands behind `status/`, by the kind of election."""


def status_of(statuses: Iterable[CountyStatus]) -> dict[str, Any]:
    """The body that says these statuses, keyed by county slug and `statewide`.

    What a status does not tell (None) is an empty text.
    """
    return dict(_row(status) for status in statuses)


def status_from(report: Report) -> CountyStatus:
    """What a row of a statewide contest tells of its county's count.

    Turnout, registration and the type of report are in no such row. A county that has not
    reported carries the state's time there, so it has none here.
    """
    is_county = report.area.kind == AreaKind.COUNTY
    has_reported = report.precincts_reporting or report.total_votes
    return CountyStatus(
        report.area.number if is_county else STATEWIDE_NUMBER,
        report.precincts_reporting,
        report.precincts_total,
        reported_at=report.reported_at if has_reported else None,
    )


def _row(status: CountyStatus) -> tuple[str, dict[str, Any]]:
    slug, name = "statewide", "Statewide"
    if status.county in BY_NUMBER:
        county = BY_NUMBER[status.county]
        slug, name = county.slug, county.name
    percent = reporting_percent(status.precincts_reporting, status.precincts_total)
    turnout, registered = status.turnout, status.registered
    return slug, {
        "county": status.county,
        "reportType": status.report_type,
        "precinctsReporting": str(status.precincts_reporting),
        "precinctsTotal": str(status.precincts_total),
        "precinctsReportingPercent": percent if "." in percent else f"{percent}.0",
        "voterTurnout": "" if turnout is None else str(turnout),
        "totalRegisteredVoters": "" if registered is None else str(registered),
        "voterTurnoutPercentage": candidate_percent(turnout, registered)
        if turnout is not None and registered
        else "",
        "countyName": name,
        "timestamp": format_reporting_time(status.reported_at) if status.reported_at else "",
    }
