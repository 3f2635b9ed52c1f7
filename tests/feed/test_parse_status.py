import json
from datetime import UTC, datetime

import pytest

from results.feed.counties import COUNTIES, STATEWIDE_NUMBER
from results.feed.facts import CountyStatus, ParsedBody
from results.feed.parse import parse_body

MARIN = {
    "county": 21,
    "reportType": "U",
    "precinctsReporting": "58",
    "precinctsTotal": "58",
    "precinctsReportingPercent": "100.0",
    "voterTurnout": "118495",
    "totalRegisteredVoters": "173896",
    "voterTurnoutPercentage": "68.1",
    "countyName": "Marin",
    "timestamp": "December 2, 2025, 10:32 a.m.",
}


def read(value, path: str = "status") -> ParsedBody:
    return parse_body(path, json.dumps(value).encode())


def status(**changes) -> CountyStatus:
    parsed = read({"marin": {**MARIN, **changes}})
    assert parsed.problems == ()
    return parsed.statuses[0]


@pytest.mark.parametrize("path", ["status", "status/", "status/state-special"])
def test_a_county_as_the_feed_tells_it(path):
    parsed = read({"marin": MARIN}, path)
    assert parsed.problems == ()
    assert parsed.reports == ()
    assert parsed.statuses == (
        CountyStatus(
            county=21,
            precincts_reporting=58,
            precincts_total=58,
            report_type="U",
            turnout=118_495,
            registered=173_896,
            reported_at=datetime(2025, 12, 2, 18, 32, tzinfo=UTC),
        ),
    )


def test_the_state_and_58_counties():
    rows = {county.slug: MARIN for county in COUNTIES}
    parsed = read({"statewide": MARIN, **rows})
    assert [s.county for s in parsed.statuses] == [STATEWIDE_NUMBER, *range(1, 59)]


@pytest.mark.parametrize(
    "changes",
    [
        {"lastReportTimestamp": 202512021032},
        {"lastReportTimestamp": "202512021032"},
        {"lastReportTimestamp": "December 2, 2025, 10:32 a.m."},
        {"timestamp": "202512021032"},
    ],
)
def test_the_time_in_every_spelling(changes):
    told = status(**{"timestamp": None, **changes})
    assert told.reported_at == datetime(2025, 12, 2, 18, 32, tzinfo=UTC)


@pytest.mark.parametrize("nothing", [None, "", "0", 0, "000000000000"])
def test_a_county_that_has_not_reported_has_no_time(nothing):
    assert status(timestamp=nothing).reported_at is None


def test_turnout_may_be_left_out():
    told = status(voterTurnout=None, totalRegisteredVoters="")
    assert (told.turnout, told.registered) == (None, None)


def test_no_ballots_are_a_count_too():
    assert status(voterTurnout="0").turnout == 0


@pytest.mark.parametrize(
    ("written", "kind"),
    [(None, ""), ("", ""), ("R", "R"), ("F", "F"), ("SF", "F"), ("U", "U"), ("S", "S")],
)
def test_report_types(written, kind):
    assert status(reportType=written).report_type == kind


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"precinctsReporting": None}, "marin.precinctsReporting", "is no count"),
        ({"precinctsTotal": "-1"}, "marin.precinctsTotal", "is no count"),
        ({"voterTurnout": "many"}, "marin.voterTurnout", "is no count"),
        ({"reportType": "X"}, "marin.reportType", "'X' is no report type"),
        ({"reportType": []}, "marin.reportType", "is no value"),
        ({"timestamp": "soon"}, "marin.timestamp", "is not a time"),
        ({"timestamp": "202513021032"}, "marin.timestamp", "is no time"),
        ({"timestamp": 1.5}, "marin.timestamp", "is not a time"),
    ],
)
def test_a_broken_county_is_named_and_the_others_count(changes, field, reason):
    parsed = read({"marin": {**MARIN, **changes}, "napa": MARIN})
    (problem,) = parsed.problems
    assert problem.field == field
    assert reason in problem.reason
    assert [s.county for s in parsed.statuses] == [28]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "an object by county was expected, not a list"),
        ({}, "the object is empty"),
        ({"message": "Forbidden"}, "no status but a message: 'Forbidden'"),
        ({"atlantis": MARIN}, "'atlantis' is neither a county nor statewide"),
        ({"marin": 58}, "an object was expected, not a number"),
    ],
)
def test_a_body_that_is_no_status(value, reason):
    parsed = read(value)
    assert parsed.statuses == ()
    assert reason in parsed.problems[0].reason


def test_a_county_without_its_precincts_is_named():
    row = {key: value for key, value in MARIN.items() if key != "precinctsTotal"}
    (problem,) = read({"marin": row}).problems
    assert (problem.field, problem.reason) == ("marin.precinctsTotal", "is missing")
