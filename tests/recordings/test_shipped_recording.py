"""The night of March 5, 2024, as it ships: literal figures of the Secretary of State's."""

import json
from datetime import datetime

import pytest

from results.feed.contest_ids import contest_id
from results.feed.facts import WHOLE, Area, ContestKey
from results.feed.parse import parse_body
from results.feed.times import CALIFORNIA
from results.recordings import RecordingNotFound, find, names
from tests.recordings.conftest import SHIPPED

SENATE = "us-senate/county/all"
SHASTA = 45


def pacific(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=CALIFORNIA)


def served(recording, path: str, moment: datetime):
    return json.loads(recording.body(path, moment))


def votes(element: dict) -> dict[str, int]:
    return {c["Name"]: int(c["Votes"].replace(",", "")) for c in element["candidates"]}


def test_it_is_found_by_its_name():
    assert SHIPPED in names()
    assert find(SHIPPED).name == f"{SHIPPED}.returns.xz"


def test_a_name_that_is_none_tells_those_there_are():
    with pytest.raises(RecordingNotFound, match=SHIPPED):
        find("2023-11-07-special")


def test_it_is_under_a_megabyte():
    assert find(SHIPPED).stat().st_size < 1_000_000


def test_it_holds_649_endpoints_at_145_moments(shipped):
    assert len(shipped.endpoints) == 649
    assert len(shipped.moments) == 145
    assert shipped.moments[0] == pacific(3, 5, 20, 6).replace(second=30)
    assert shipped.moments[-1] == pacific(4, 4, 16, 37).replace(second=14)


def test_it_names_its_source(shipped):
    assert shipped.header.source == "California Secretary of State"


def test_its_first_votes_come_at_8_18(shipped):
    assert shipped.first_votes == pacific(3, 5, 20, 18).replace(second=45)
    before = served(shipped, "us-senate", shipped.moments[0])
    assert sum(votes(before).values()) == 0


def test_its_night_ends_at_3_16(shipped):
    assert shipped.night_end == pacific(3, 6, 3, 16).replace(second=39)


def test_every_endpoint_is_understood_at_the_end(shipped):
    problems = [
        problem
        for endpoint in shipped.endpoints
        for problem in parse_body(
            endpoint.path, shipped.body(endpoint.path, shipped.moments[-1])
        ).problems
    ]

    assert problems == []


def test_an_early_body_of_the_senate(shipped):
    body = served(shipped, "us-senate", pacific(3, 5, 20, 29))

    assert body["raceTitle"] == "U.S. Senate (Full Term) - Statewide Results"
    assert body["Reporting"] == "7.3% (1,519 of 20,855) precincts reporting"
    assert body["ReportingTime"] == "March 5, 2024, 8:21 p.m."
    assert sum(votes(body).values()) == 783_099


def test_the_senate_at_the_end(shipped):
    body = served(shipped, "us-senate", shipped.moments[-1])

    assert body["Reporting"] == "100% (20,855 of 20,855) precincts reporting"
    assert body["ReportingTime"] == "April 4, 2024, 4:21 p.m."
    assert body["candidates"][10] == {
        "Name": "Adam B. Schiff",
        "Party": "Dem",
        "Votes": "2,304,811",
        "Percent": "31.6",
        "incumbent": False,
    }
    assert votes(body)["Steve Garvey"] == 2_301_293
    assert votes(body)["Katie Porter"] == 1_118_411
    assert votes(body)["Barbara Lee"] == 717_119


def test_proposition_1_at_the_end(shipped):
    body = served(shipped, "ballot-measures", shipped.moments[-1])

    assert body == {
        "raceTitle": "Ballot Measures - Statewide Results",
        "Reporting": "100.0% (20,855 of 20,855) precincts reporting",
        "ReportingTime": "April 4, 2024, 4:21 p.m.",
        "ballot-measures": [
            {
                "Name": "Bonds for Mental Health Treatment Facilities",
                "Number": "01",
                "yesVotes": "3636678",
                "yesPercent": "50.2",
                "noVotes": "3610436",
                "noPercent": "49.8",
            }
        ],
    }


def test_shasta_corrects_its_count_down(shipped):
    before = served(shipped, SENATE, pacific(3, 5, 23, 26))
    after = served(shipped, SENATE, pacific(3, 5, 23, 35))

    assert sum(votes(before[SHASTA]).values()) == 16_330
    assert sum(votes(after[SHASTA]).values()) == 712
    assert sum(votes(before[0]).values()) == 3_312_242
    assert sum(votes(after[0]).values()) == 3_296_800


def test_a_county_s_time_goes_back_with_its_first_report(shipped):
    napa = 28

    assert served(shipped, SENATE, shipped.moments[0])[napa]["ReportingTime"].endswith("8:04 p.m.")
    assert served(shipped, SENATE, shipped.moments[1])[napa]["ReportingTime"].endswith("8:02 p.m.")


def test_a_contest_that_is_not_on_the_ballot_serves_its_last_election(shipped):
    body = served(shipped, "state-senate/district/2", shipped.moments[20])

    assert body["ReportingTime"] == "January 18, 2023, 3:44 p.m."


def test_a_run_that_straddled_a_refresh_is_mixed(shipped):
    moment = pacific(3, 6, 1, 55)

    alone = served(shipped, "president/party/green", moment)
    in_list = served(shipped, "president/party/green/county/all", moment)

    assert alone["ReportingTime"] == "March 6, 2024, 1:36 a.m."
    assert in_list[0]["ReportingTime"] == "March 6, 2024, 1:50 a.m."


def test_a_query_of_statewide_county_district_and_measure_ids(shipped):
    democratic = ContestKey("president", "democratic")
    measure = ContestKey("ballot-measures", measure="1")
    asked = [
        contest_id(measure, Area.county(1)),
        contest_id(democratic, Area.district(12)),
        contest_id(ContestKey("us-senate"), Area.county(SHASTA)),
        contest_id(ContestKey("us-rep", district=40), WHOLE),
    ]

    answer = json.loads(shipped.query(asked, shipped.moments[-1]))

    assert [element["raceTitle"] for element in answer] == [
        "Ballot Measures - Alameda Results",
        "President Democratic District 12 - Districtwide Results",
        "U.S. Senate (Full Term) - Shasta County Results",
        "U.S. House of Representatives District 40 - Districtwide Results",
    ]
    assert answer[2] == served(shipped, SENATE, shipped.moments[-1])[SHASTA]
