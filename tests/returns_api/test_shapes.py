"""The shape of each family of addresses."""

import pytest

from tests.bodies import LAST_ELECTION, LATER, NIGHT, element, in_county, measures, statewide

ALL = "us-senate/county/all"
HOUSE = "us-rep/district/40"


def titles(response) -> list[str]:
    assert response.status_code == 200, response.content
    value = response.json()
    return [one["raceTitle"] for one in value] if isinstance(value, list) else value["raceTitle"]


@pytest.fixture
def senate(make_election, take_up):
    election = make_election(ALL)
    values = [statewide({"Schiff": 30}), in_county("Alameda", {"Schiff": 20})]
    take_up(election, {ALL: [*values, in_county("Lake", {"Schiff": 10})]})
    return election


def test_an_office_is_one_object(senate, get):
    assert titles(get("us-senate")) == "U.S. Senate (Full Term) - Statewide Results"


def test_county_all_is_the_state_then_the_counties(senate, get):
    found = [title.split(" - ")[1] for title in titles(get(ALL))]

    assert len(found) == 59
    assert found[:3] == ["Statewide Results", "Alameda County Results", "Alpine County Results"]


def test_a_county_without_a_report_stands_at_zero_with_the_states_time(senate, get):
    alpine = get("us-senate/county/alpine").json()[0]

    assert alpine["Reporting"] == "0% (0 of 0) precincts reporting"
    assert alpine["ReportingTime"] == NIGHT
    assert alpine["candidates"][0]["Votes"] == "0"


def test_a_county_of_an_office_comes_before_the_state(senate, get):
    assert [t.split(" - ")[1] for t in titles(get("us-senate/county/lake"))] == [
        "Lake County Results",
        "Statewide Results",
    ]


def test_votes_and_percentages_are_texts_as_there(senate, take_up, get):
    take_up(senate, {ALL: [statewide({"Schiff": 1_118_411, "Garvey": 3}, at=LATER)]})

    assert get("us-senate").json()["candidates"][0] == {
        "Name": "Schiff",
        "Party": "Dem",
        "Votes": "1,118,411",
        "Percent": "100.0",
        "incumbent": False,
    }


def test_the_documents_examples_answer_by_their_ids(make_election, take_up, query):
    primary = "president/party/american-independent"
    election = make_election(f"{primary}/county/all", HOUSE)
    title = "President American Independent"
    take_up(
        election,
        {
            f"{primary}/county/all": [
                element(f"{title} - Statewide Results", {"Bradley": 9}),
                element(f"{title} - Lake County Results", {"Bradley": 4}),
            ],
            HOUSE: element(
                "U.S. House of Representatives District 40 - Districtwide Results", {"Kim": 7}
            ),
        },
    )

    assert titles(query("01000300000059", "01000300000017", "11000040000059")) == [
        "President American Independent - Statewide Results",
        "President American Independent - Lake County Results",
        "U.S. House of Representatives District 40 - Districtwide Results",
    ]


def test_a_county_outside_a_district_gets_the_district_alone(make_election, take_up, get):
    election = make_election(HOUSE, f"{HOUSE}/county/orange")
    title = "U.S. House of Representatives District 40"
    whole = element(f"{title} - Districtwide Results", {"Kim": 7})
    pair = [element(f"{title} - Orange County Results", {"Kim": 5}), whole]
    take_up(election, {f"{HOUSE}/county/orange": pair})

    assert titles(get(f"{HOUSE}/county/orange"))[0] == f"{title} - Orange County Results"
    assert titles(get(f"{HOUSE}/county/lake")) == f"{title} - Districtwide Results"


def test_a_list_of_districts_leaves_out_those_that_do_not_vote(make_election, take_up, get):
    listed, two = "state-senate/district/all", "state-senate/district/2"
    election = make_election(listed, two)
    voting = [
        element(f"State Senate District {n} - Districtwide Results", {"A": n}) for n in (1, 3)
    ]
    stale = element("State Senate District 2 - Districtwide Results", {"B": 2}, at=LAST_ELECTION)
    take_up(election, {listed: voting, two: stale})

    assert titles(get(listed)) == [one["raceTitle"] for one in voting]
    assert get(two).json() == stale


def test_measures_of_a_county_are_one_object(make_election, take_up, get):
    lake = "ballot-measures/county/lake"
    election = make_election("ballot-measures", lake)
    some = (105, 1000)
    bodies = {
        "ballot-measures": measures(
            "Ballot Measures - Statewide Results", {"1": (5, 4)}, precincts=some
        ),
        lake: measures("Ballot Measures - Lake Results", {"1": (3, 2)}, precincts=some),
    }
    take_up(election, bodies)

    assert {path: get(path).json() for path in bodies} == bodies
    assert get("ballot-measures/prop/1").json()["ballot-measures"][0]["Number"] == "01"
    assert get("ballot-measures/prop/2").status_code == 404


def test_justices_stay_in_the_order_of_the_feed(make_election, take_up, get):
    election = make_election("supreme-court", kind="general")
    names = ["Zeta Young", "Alma Old", "Mia Middle"]
    body = {
        "raceTitle": "Supreme Court Justice - Statewide Results",
        "Reporting": "10.0% (10 of 100) precincts reporting",
        "ReportingTime": NIGHT,
        "supreme-court": [
            {
                "Name": name,
                "yesVotes": "3",
                "yesPercent": "75.0",
                "noVotes": "1",
                "noPercent": "25.0",
            }
            for name in names
        ],
    }
    take_up(election, {"supreme-court": body})

    assert get("supreme-court").json() == body


def test_a_map_has_the_areas_and_colours(senate, get):
    shown = get("maps/us-senate").json()

    assert list(shown)[:3] == ["statewide", "alameda", "alpine"]
    assert shown["lake"]["candidates"][0]["color"] == "058DC7"


def test_the_status_is_by_county(senate, get):
    rows = get("status").json()

    assert list(rows)[:3] == ["statewide", "alameda", "alpine"]
    assert rows["lake"]["precinctsReporting"] == "10"
    assert get("status/primary").json() == rows
    assert get("status/general").status_code == 404


def test_before_the_first_report_an_area_stands_at_zero(make_election, take_up, get):
    election = make_election(ALL)
    rows = [statewide({"Schiff": 30}), in_county("Lake", {"Schiff": 0}, precincts=(0, 50))]
    take_up(election, {ALL: rows})
    before = get("us-senate?at=2024-03-05T20:30:00").json()

    assert before["candidates"][0]["Votes"] == "0"
    assert before["ReportingTime"] == "March 5, 2024, 8:00 p.m."


def test_a_hidden_contest_is_not_found_anywhere(senate, get, query):
    contest = senate.contests.get()
    contest.is_published = False
    contest.save()

    for path in ("us-senate", ALL, "us-senate/county/lake", "maps/us-senate"):
        assert get(path).status_code == 404
    assert query("10000000000159").status_code == 404
    assert "us-senate" not in get("endpoints.csv").content.decode()


def test_a_trailing_slash_makes_no_difference(senate, get):
    assert get("us-senate/").content == get("us-senate").content
    assert get("status/").status_code == 200


def test_an_election_of_the_past_has_its_own_addresses(senate, make_election, get):
    slug = senate.slug
    make_election("governor", kind="general", day=senate.date.replace(year=2026))

    assert get("us-senate").status_code == 404
    assert titles(get(f"elections/{slug}/us-senate")).startswith("U.S. Senate")
    assert [one["slug"] for one in get("elections").json()][1] == slug
    assert get("elections/nothing/us-senate").status_code == 404
