"""What good bodies say, in every spelling the feed is known or likely to use."""

import json
from datetime import UTC, datetime

import pytest

from results.feed.counties import COUNTIES
from results.feed.facts import WHOLE, Area, Choice, ContestKey, ParsedBody
from results.feed.parse import parse_body
from results.feed.paths import query_path
from results.feed.represent import body_bytes
from tests.feed.excerpts import EXCERPTS, excerpt

LAKE = Area.county(17)
COUNTY_ALL = "us-senate/county/all"
DISTRICT = "us-rep/district/4"


def read(path: str, value) -> ParsedBody:
    return parse_body(path, json.dumps(value).encode())


def read_well(path: str, value):
    """The reports of a body in which nothing is wrong."""
    parsed = read(path, value)
    assert parsed.problems == ()
    return parsed.reports


def test_a_candidate_contest_in_full():
    (green,) = parse_body("president/party/green", EXCERPTS["president/party/green"]).reports
    assert green.contest == ContestKey("president", "green")
    assert green.area == WHOLE
    assert green.title == "President Green"
    assert green.subject == ""
    assert (green.precincts_reporting, green.precincts_total) == (8676, 20855)
    assert green.reporting_percent == "41.6"
    assert green.reported_at == datetime(2024, 3, 6, 5, 28, tzinfo=UTC)
    assert green.choices == (Choice("Jill Stein", "Grn", 5518, "100.0", incumbent=False),)


def test_a_list_of_counties_brings_the_state_and_each_county():
    whole, lake = parse_body(COUNTY_ALL, EXCERPTS[COUNTY_ALL]).reports
    assert (whole.area, lake.area) == (WHOLE, LAKE)
    assert whole.contest == lake.contest == ContestKey("us-senate")
    assert len(whole.choices) == len(lake.choices) == 27


def test_the_other_senate_seat_is_another_contest():
    path = "us-senate-unexpired-term"
    (report,) = parse_body(path, EXCERPTS[path]).reports
    assert report.contest == ContestKey(path)
    assert report.title == "U.S. Senate (Partial/Unexpired Term)"


def test_a_county_of_a_district_brings_the_county_and_the_whole_district():
    path = "us-rep/district/4/county/lake"
    lake, whole = parse_body(path, EXCERPTS[path]).reports
    assert lake.contest == whole.contest == ContestKey("us-rep", district=4)
    assert (lake.area, whole.area) == (LAKE, WHOLE)
    assert lake.total_votes < whole.total_votes


def test_a_county_outside_the_district_brings_the_whole_district():
    whole = excerpt("us-rep/district/4/county/lake")[1]
    (report,) = read_well("us-rep/district/4/county/alpine", whole)
    assert report.area == WHOLE


def test_a_list_of_districts_brings_a_contest_each():
    reports = parse_body("us-rep/district/all", EXCERPTS["us-rep/district/all"]).reports
    assert [r.contest.district for r in reports] == [1, 29]
    assert {r.area for r in reports} == {WHOLE}
    assert "Angélica María Dueñas" in {choice.name for choice in reports[1].choices}


def test_a_primary_by_congressional_district_is_one_contest_in_many_areas():
    path = "president/party/republican/district/all"
    reports = parse_body(path, EXCERPTS[path]).reports
    assert {r.contest for r in reports} == {ContestKey("president", "republican")}
    assert [r.area for r in reports] == [WHOLE, Area.district(1), Area.district(52)]


def test_a_measure_is_a_contest_of_yes_and_no():
    (report,) = parse_body("ballot-measures", EXCERPTS["ballot-measures"]).reports
    assert report.contest == ContestKey("ballot-measures", measure="1")
    assert report.title == "Ballot Measures"
    assert report.subject == "Bonds for Mental Health Treatment Facilities"
    assert report.reporting_percent == "41.6"
    assert [(c.name, c.party) for c in report.choices] == [("Yes", ""), ("No", "")]


def test_the_title_of_measures_names_a_county_without_the_word():
    path = "ballot-measures/county/alameda"
    assert "Ballot Measures - Alameda Results" in EXCERPTS[path].decode()
    (report,) = parse_body(path, EXCERPTS[path]).reports
    assert report.area == Area.county(1)


def test_each_justice_is_a_contest_of_yes_and_no():
    reports = parse_body("supreme-court", EXCERPTS["supreme-court"]).reports
    assert len(reports) == 4
    assert reports[0].contest == ContestKey("supreme-court", justice="Patricia Guerrero")
    assert reports[0].subject == "Patricia Guerrero"
    assert {r.title for r in reports} == {"Supreme Court Justice"}


def test_justices_of_appeal_are_told_apart_by_district_too():
    path = "courts-of-appeal/district/all"
    reports = parse_body(path, EXCERPTS[path]).reports
    assert len(reports) == 12
    assert {r.contest.district for r in reports} == {1, 6}
    assert reports[0].contest == ContestKey(
        "courts-of-appeal", district=1, justice="Therese M. Stewart"
    )


def test_one_measure_asked_alone_comes_alone():
    value = excerpt("ballot-measures")
    other = {**value["ballot-measures"][0], "Number": "02", "Name": "Another"}
    value["ballot-measures"].append(other)
    (report,) = read_well("ballot-measures/prop/2", value)
    assert report.contest.measure == "2"
    assert len(read_well("ballot-measures", value)) == 2


def test_a_map_brings_the_state_and_each_county():
    value = excerpt(COUNTY_ALL)
    for element in value:
        for candidate in element["candidates"]:
            candidate["color"] = "058DC7"
    mapped = {"statewide": value[0], "lake": value[1]}
    assert read_well("maps/us-senate", mapped) == read_well(COUNTY_ALL, value)


def test_a_map_of_a_measure():
    value = {
        "statewide": excerpt("ballot-measures"),
        "alameda": excerpt("ballot-measures/county/alameda"),
    }
    reports = read_well("maps/ballot-measures/prop/1", value)
    assert [r.area for r in reports] == [WHOLE, Area.county(1)]


QUERY = query_path(
    [
        "11000004000017",
        "01000200000059",
        "01000252000059",
        "19000000000101",
        "10000000000259",
    ]
)


def answers() -> list:
    return [
        excerpt("us-rep/district/4/county/lake")[0],
        excerpt("president/party/republican/district/all")[0],
        excerpt("president/party/republican/district/all")[2],
        excerpt("ballot-measures/county/alameda"),
        excerpt("us-senate-unexpired-term"),
    ]


def test_a_query_is_answered_in_its_order():
    asked = [(r.contest, r.area) for r in read_well(QUERY, answers())]
    assert asked == [
        (ContestKey("us-rep", district=4), LAKE),
        (ContestKey("president", "republican"), WHOLE),
        (ContestKey("president", "republican"), Area.district(52)),
        (ContestKey("ballot-measures", measure="1"), Area.county(1)),
        (ContestKey("us-senate-unexpired-term"), WHOLE),
    ]


def test_a_query_that_leaves_one_out_is_understood_by_titles():
    parsed = read(QUERY, answers()[1:])
    assert parsed.reports == read_well(QUERY, answers())[1:]
    assert [str(p.reason) for p in parsed.problems] == ["5 contests asked for, 4 came"]


def test_a_query_of_one_id_may_be_answered_by_an_object():
    (report,) = read_well(query_path(["11000004000017"]), answers()[0])
    assert report.area == LAKE


def test_a_measure_of_several_in_a_county_is_told_by_its_number():
    element = excerpt("ballot-measures/county/alameda")
    second = {**element["ballot-measures"][0], "Number": "02", "Name": "Another"}
    alone = {**element, "ballot-measures": [second]}
    reports = read_well(query_path(["19000000000101", "19000000000201"]), [element, alone])
    assert [r.contest.measure for r in reports] == ["1", "2"]
    swapped = read_well(query_path(["19000000000201", "19000000000101"]), [element, alone])
    assert swapped == reports
    both = {**element, "ballot-measures": [*element["ballot-measures"], second]}
    assert read_well(query_path(["19000000000101", "19000000000201"]), [both, both]) == reports


def spelled(**changes):
    """The Lake County element with some of its values spelled otherwise."""
    element = excerpt("us-rep/district/4/county/lake")[0]
    for name, value in changes.items():
        if name in element:
            element[name] = value
        else:
            element["candidates"][0][name] = value
    return [element]


@pytest.mark.parametrize(
    "changes",
    [
        {"Reporting": "0.0% (0 of 68) precincts reporting"},
        {"Reporting": "0% (0 of 68) precincts partially reporting"},
        {"Votes": 5432},
        {"Votes": "5432"},
        {"Percent": 43.2},
        {"incumbent": "true"},
        {"ReportingTime": "March 5, 2024, 8:04 PM"},
        {"color": "058DC7"},
        {"Winner": True},
        {"raceTitle": "United States Representative District 4 - Lake County Results"},
        {"raceTitle": "Congress District 4 - Lake County Results"},
    ],
)
def test_other_spellings_are_read_alike(changes):
    path = "us-rep/district/4/county/lake"
    usual = {
        "Votes": "5,432",
        "Percent": "43.2",
        "incumbent": True,
        "ReportingTime": "March 5, 2024, 8:04 p.m.",
        "Reporting": "0% (0 of 68) precincts reporting",
    }
    (expected,) = read_well(path, spelled(**usual))
    (report,) = read_well(path, spelled(**{**usual, **changes}))
    assert report.choices == expected.choices
    assert (report.contest, report.area) == (expected.contest, expected.area)
    assert report.reported_at == expected.reported_at
    assert (report.reporting_percent, report.precincts_total) == ("0", 68)


@pytest.mark.parametrize(
    ("written", "percent"),
    [("<1", "<1"), (">99", ">99"), ("100.0", "100"), ("100.00", "100"), (">99.99", ">99.99")],
)
def test_percentages_of_precincts_in_every_spelling(written, percent):
    value = spelled(Reporting=f"{written}% (1 of 999) precincts reporting")
    (report,) = read_well("us-rep/district/4/county/lake", value)
    assert report.reporting_percent == percent


def test_numbers_where_texts_are_usual_in_measures():
    value = excerpt("ballot-measures")
    item = value["ballot-measures"][0]
    (expected,) = read_well("ballot-measures", value)
    item["Number"] = 1
    item["yesVotes"] = f"{int(item['yesVotes']):,}"
    item["noVotes"] = int(item["noVotes"])
    item["yesPercent"] = float(item["yesPercent"])
    assert read_well("ballot-measures", value) == (expected,)


@pytest.mark.parametrize(("number", "percent"), [(0, "0.0"), (100, "100.0"), (15.3, "15.3")])
def test_percentages_as_numbers_get_one_decimal(number, percent):
    (report,) = read_well("us-rep/district/4/county/lake", spelled(Percent=number))
    assert report.choices[0].percent == percent


def test_a_measure_number_may_hold_a_letter():
    value = excerpt("ballot-measures")
    value["ballot-measures"][0]["Number"] = "01A"
    assert read_well("ballot-measures", value)[0].contest.measure == "1A"


def test_an_object_instead_of_a_list_of_one_and_the_reverse():
    one = excerpt("us-senate-unexpired-term")
    county = excerpt("us-rep/district/4/county/lake")[0]
    assert read_well("us-senate-unexpired-term", [one]) == read_well(
        "us-senate-unexpired-term", one
    )
    # 2018 answered so: the county alone.
    (report,) = read_well("us-rep/district/4/county/lake", county)
    assert report.area == LAKE


def test_the_largest_count_is_read():
    (report,) = read_well("us-rep/district/4/county/lake", spelled(Votes="999,999,999"))
    assert report.choices[0].votes == 999_999_999
    assert read_well("us-rep/district/4/county/lake", spelled(Votes=999_999_999)) == (report,)


def test_a_missing_incumbent_is_none():
    value = spelled()
    del value[0]["candidates"][0]["incumbent"]
    assert not read_well("us-rep/district/4/county/lake", value)[0].choices[0].incumbent


def test_a_mark_of_the_byte_order_is_passed_over():
    body = b"\xef\xbb\xbf" + EXCERPTS["us-senate-unexpired-term"]
    assert parse_body("us-senate-unexpired-term", body) == parse_body(
        "us-senate-unexpired-term", body[3:]
    )


def test_all_58_counties_are_found_by_their_titles():
    usual = spelled()[0]
    elements = [
        {
            **usual,
            "raceTitle": f"U.S. House of Representatives District 4 - {c.name} County Results",
        }
        for c in COUNTIES
    ]
    reports = read_well("us-rep/district/4/county/all", elements)
    assert [r.area.number for r in reports] == list(range(1, 59))


def test_the_spelling_of_the_path_changes_nothing():
    first = parse_body(COUNTY_ALL, EXCERPTS[COUNTY_ALL])
    assert first == parse_body(f"/returns/{COUNTY_ALL}/", body_bytes(excerpt(COUNTY_ALL)))
