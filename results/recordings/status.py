"""The status endpoint, worked out from recorded county rows."""

from collections.abc import Sequence
from typing import Any

from results.feed.counties import BY_NUMBER, STATEWIDE_NUMBER
from results.feed.facts import AreaKind, Report
from results.feed.times import format_reporting_time


def status_of(reports: Sequence[Report]) -> dict[str, Any]:
    """The body of the status endpoint for a statewide contest's returns.

    Turnout, registration and the type of report are in no recorded row, so they are empty; so is
    the time of a county that has not reported (its row carries the state's).
    """
    return dict(_row(report) for report in reports)


def _row(report: Report) -> tuple[str, dict[str, Any]]:
    if report.area.kind == AreaKind.COUNTY:
        county = BY_NUMBER[report.area.number]
        slug, name, number = county.slug, county.name, county.number
    else:
        slug, name, number = "statewide", "Statewide", STATEWIDE_NUMBER
    has_reported = report.precincts_reporting or report.total_votes
    percent = report.reporting_percent
    return slug, {
        "county": number,
        "reportType": "",
        "precinctsReporting": str(report.precincts_reporting),
        "precinctsTotal": str(report.precincts_total),
        "precinctsReportingPercent": percent if "." in percent else f"{percent}.0",
        "voterTurnout": "",
        "totalRegisteredVoters": "",
        "voterTurnoutPercentage": "",
        "countyName": name,
        "timestamp": format_reporting_time(report.reported_at) if has_reported else "",
    }
