"""The export in the NIST Common Data Format, against NIST's own schema."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from tests.bodies import element, in_county, measures, statewide

SCHEMA = Path(__file__).parent / "schemas" / "nist-sp-1500-100-v2.json"


@pytest.fixture(scope="module")
def validator():
    return jsonschema_rs.Draft4Validator(json.loads(SCHEMA.read_text()))


@pytest.fixture
def report(get):
    def read(path: str = "common-data-format.json") -> dict:
        response = get(path)
        assert response.status_code == 200
        return response.json()

    return read


def references(value) -> tuple[set[str], set[str]]:
    """(the ids that objects have, the ids that they refer to)."""
    ids: set[str] = set()
    named: set[str] = set()
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack += one
        elif isinstance(one, dict):
            for key, inner in one.items():
                if key == "@id":
                    assert inner not in ids, f"{inner} twice"
                    ids.add(inner)
                elif key.endswith("Ids"):
                    named.update(inner)
                elif key.endswith("Id") and key != "VendorApplicationId":
                    named.add(inner)
                else:
                    stack.append(inner)
    return ids, named


def test_a_recorded_night_is_valid(march_2024, recording, sweep, report, validator):
    sweep(march_2024, recording.moments[8])
    sweep(march_2024, recording.moments[8])
    told = report()

    assert [f"{e.instance_path}: {e.message}" for e in validator.iter_errors(told)][:5] == []
    ids, named = references(told)
    assert named - ids == set()
    assert len(told["Election"][0]["Contest"]) == 161


def test_a_general_election_with_justices_and_measures_is_valid(
    make_election, take_up, report, validator
):
    house = "us-rep/district/1"
    election = make_election("supreme-court", "ballot-measures", house, kind="general")
    justice = {"Name": "Ann Justice", "yesVotes": "3", "yesPercent": "75.0"}
    take_up(
        election,
        {
            "supreme-court": {
                "raceTitle": "Supreme Court Justice - Statewide Results",
                "Reporting": "10.0% (10 of 100) precincts reporting",
                "ReportingTime": "March 5, 2024, 9:00 p.m.",
                "supreme-court": [justice | {"noVotes": "1", "noPercent": "25.0"}],
            },
            "ballot-measures": measures("Ballot Measures - Statewide Results", {"1A": (5, 3)}),
            house: element(
                "U.S. House of Representatives District 1 - Districtwide Results", {"A": 1}
            ),
        },
    )
    told = report()

    assert [e.message for e in validator.iter_errors(told)] == []
    assert {
        one["@type"].removeprefix("ElectionResults.") for one in told["Election"][0]["Contest"]
    } == {
        "CandidateContest",
        "BallotMeasureContest",
        "RetentionContest",
    }


def test_what_has_not_been_received_has_no_counts(make_election, take_up, report, validator):
    path = "us-senate/county/all"
    election = make_election(path)
    take_up(election, {path: [statewide({"Schiff": 5}), in_county("Lake", {"Schiff": 5})]})
    selection = report()["Election"][0]["Contest"][0]["ContestSelection"][0]

    assert [(one["GpUnitId"], one["Count"]) for one in selection["VoteCounts"]] == [
        ("ru-state", 5),
        ("ru-county-17", 5),
    ]


def test_before_any_result_it_says_so(make_election, report, validator):
    make_election("us-senate")
    told = report()

    assert told["Status"] == "pre-election"
    assert validator.is_valid(told)
