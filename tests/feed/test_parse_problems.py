"""What is wrong with a body is told, with its place, and never hides what is right beside it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.feed.facts import WHOLE, Area
from results.feed.parse import MOST_PROBLEMS, parse_body
from results.feed.paths import query_path
from tests.feed.excerpts import EXCERPTS, excerpt

COUNTY_ALL = "us-senate/county/all"
LAKE_PATH = "us-rep/district/4/county/lake"


def problems(path: str, value) -> list[tuple[str, str]]:
    """(field, reason) of each problem of a body."""
    parsed = parse_body(path, value if isinstance(value, bytes) else json.dumps(value).encode())
    assert all(problem.endpoint == path for problem in parsed.problems)
    return [(problem.field, problem.reason) for problem in parsed.problems]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty"),
        (b"  \n", "the body is empty"),
        (b"<!DOCTYPE html><html>Request blocked</html>", "HTML"),
        (b'[{"raceTitle": "U.S. Sen', "at character 15 of 24"),
        (b"[{}, ", "not JSON"),
        (b"\xff\xfe[]", "not UTF-8 at byte 0"),
        (b"[]", "the list is empty"),
        (b"42", "not a number"),
        (b"null", "not null"),
        (b'"soon"', "not a text"),
        (b"true", "not true or false"),
        (b"[" * 100_000, "not JSON that can be read"),
        (b"[" + b"9" * 5000 + b"]", "not JSON that can be read"),
        (b'{"message": "Forbidden"}', "no contest but a message: 'Forbidden'"),
    ],
)
def test_a_body_that_is_no_returns_body(body, reason):
    parsed = parse_body(COUNTY_ALL, body)
    assert parsed.reports == ()
    (problem,) = parsed.problems
    assert reason in problem.reason
    assert len(problem.reason) < 300


def test_a_path_that_is_no_address_is_a_problem():
    (found,) = problems("mayor/county/lake", b"[]")
    assert "no office 'mayor'" in found[1]


def broken(where: str, value, *, path: str = LAKE_PATH):
    """An excerpt in which one value is another one, or missing if it is given as `...`."""
    element = excerpt(path)
    *way, last = where.split("/")
    inner = element
    for step in way:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[int(last) if last.isdigit() else last] = value
    return element


@pytest.mark.parametrize(
    ("where", "value", "field", "reason"),
    [
        ("0/raceTitle", ..., "[0].raceTitle", "is missing"),
        ("0/raceTitle", 7, "[0].raceTitle", "7 is no title"),
        ("0/raceTitle", "", "[0].raceTitle", "is empty"),
        ("0/raceTitle", "U.S. House", "[0].raceTitle", "does not end like"),
        ("0/raceTitle", "X" * 500 + " - Lake Results", "[0].raceTitle", "over 200"),
        ("0/Reporting", ..., "[0].Reporting", "is missing"),
        ("0/Reporting", "soon", "[0].Reporting", "is not like"),
        ("0/Reporting", 100, "[0].Reporting", "is not like"),
        ("0/Reporting", "-1% (1 of 2) precincts reporting", "[0].Reporting", "is not like"),
        ("0/Reporting", "..% (1 of 2) precincts reporting", "[0].Reporting", "is not like"),
        ("0/Reporting", "5% (1,0 of 2) precincts reporting", "[0].Reporting", "no count"),
        ("0/ReportingTime", ..., "[0].ReportingTime", "is missing"),
        ("0/ReportingTime", "soon", "[0].ReportingTime", "is not a time"),
        ("0/ReportingTime", ["March"], "[0].ReportingTime", "a list is no time"),
        ("0/candidates", ..., "[0].candidates", "is missing"),
        ("0/candidates", [], "[0].candidates", "a filled list was expected"),
        ("0/candidates", {}, "[0].candidates", "a filled list was expected"),
        ("0/candidates/1", "Schiff", "[0].candidates[1]", "not a text"),
        ("0/candidates/1", [], "[0].candidates[1]", "not a list"),
        ("0/candidates/1/Name", ..., "[0].candidates[1].Name", "is missing"),
        ("0/candidates/1/Name", " ", "[0].candidates[1].Name", "is empty"),
        ("0/candidates/1/Name", None, "[0].candidates[1].Name", "None is no text"),
        ("0/candidates/1/Name", "x" * 200, "[0].candidates[1].Name", "200 characters, over 120"),
        ("0/candidates/1/Name", "a\0b", "[0].candidates[1].Name", "a character that no text"),
        ("0/candidates/1/Name", "\ud800", "[0].candidates[1].Name", "a character that no text"),
        ("0/candidates/1/Party", ..., "[0].candidates[1].Party", "is missing"),
        ("0/candidates/1/Party", "Whig", "[0].candidates[1].Party", "'Whig' is no party"),
        ("0/candidates/1/Party", {}, "[0].candidates[1].Party", "is no party"),
        ("0/candidates/1/Votes", ..., "[0].candidates[1].Votes", "is missing"),
        ("0/candidates/1/Votes", "many", "[0].candidates[1].Votes", "'many' is no count"),
        ("0/candidates/1/Votes", "-5", "[0].candidates[1].Votes", "'-5' is no count"),
        ("0/candidates/1/Votes", -5, "[0].candidates[1].Votes", "-5 is no count"),
        ("0/candidates/1/Votes", 5.0, "[0].candidates[1].Votes", "5.0 is no count"),
        ("0/candidates/1/Votes", "5.0", "[0].candidates[1].Votes", "'5.0' is no count"),
        ("0/candidates/1/Votes", "1,23", "[0].candidates[1].Votes", "'1,23' is no count"),
        ("0/candidates/1/Votes", "1_000", "[0].candidates[1].Votes", "is no count"),
        ("0/candidates/1/Votes", "٣", "[0].candidates[1].Votes", "is no count"),
        ("0/candidates/1/Votes", True, "[0].candidates[1].Votes", "True is no count"),
        ("0/candidates/1/Votes", None, "[0].candidates[1].Votes", "None is no count"),
        ("0/candidates/1/Votes", 10**12, "[0].candidates[1].Votes", "no count from 0 to"),
        ("0/candidates/1/Votes", [], "[0].candidates[1].Votes", "is no count"),
        ("0/candidates/1/Percent", ..., "[0].candidates[1].Percent", "is missing"),
        ("0/candidates/1/Percent", "half", "[0].candidates[1].Percent", "is no percentage"),
        ("0/candidates/1/Percent", 10**400, "[0].candidates[1].Percent", "is no percentage"),
        ("0/candidates/1/Percent", float("nan"), "[0].candidates[1].Percent", "no percentage"),
        ("0/candidates/1/Percent", {}, "[0].candidates[1].Percent", "is no value"),
        ("0/candidates/1/incumbent", "maybe", "[0].candidates[1].incumbent", "neither true nor"),
        ("0/yesVotes", "12", "[0]", "a recall, which is not read"),
    ],
)
def test_one_wrong_value_is_named_and_its_neighbour_counts(where, value, field, reason):
    body = broken(where, value)
    ((found_field, found_reason),) = problems(LAKE_PATH, body)
    assert found_field == field
    assert reason in found_reason
    assert len(found_reason) < 300
    (neighbour,) = parse_body(LAKE_PATH, json.dumps(body).encode()).reports
    assert neighbour.area == WHOLE


def test_true_is_no_vote_even_after_a_one():
    assert problems(LAKE_PATH, broken("0/candidates/1/Votes", 1)) == []
    assert problems(LAKE_PATH, broken("0/candidates/1/Votes", True)) != []


def test_a_candidate_listed_twice():
    element = excerpt(LAKE_PATH)
    element[0]["candidates"].append(element[0]["candidates"][0])
    ((field, reason),) = problems(LAKE_PATH, element)
    assert field == f"[0].candidates[{len(element[0]['candidates']) - 1}]"
    assert "stands in the list twice" in reason


def test_namesakes_of_different_parties_are_two_candidates():
    element = excerpt(LAKE_PATH)
    first = element[0]["candidates"][0]
    element[0]["candidates"].append({**first, "Party": "Grn"})
    assert problems(LAKE_PATH, element) == []


def test_an_element_that_is_no_contest():
    value = [*excerpt(COUNTY_ALL), "later", None, [], {}]
    found = problems(COUNTY_ALL, value)
    assert found == [
        ("[2]", "a contest was expected, not a text"),
        ("[3]", "a contest was expected, not null"),
        ("[4]", "a contest was expected, not a list"),
        ("[5].raceTitle", "is missing"),
    ]
    assert len(parse_body(COUNTY_ALL, json.dumps(value).encode()).reports) == 2


def test_an_area_that_comes_twice_counts_once():
    state, lake = excerpt(COUNTY_ALL)
    body = [state, lake, {**lake, "ReportingTime": "March 5, 2024, 11:00 p.m."}]
    ((field, reason),) = problems(COUNTY_ALL, body)
    assert field == "[2].raceTitle"
    assert "came before" in reason
    reports = parse_body(COUNTY_ALL, json.dumps(body).encode()).reports
    assert [r.area for r in reports] == [WHOLE, Area.county(17)]


def test_more_precincts_reporting_than_there_are_is_told_and_taken():
    body = broken("0/Reporting", "101.5% (69 of 68) precincts reporting")
    ((field, reason),) = problems(LAKE_PATH, body)
    assert field == "[0].Reporting"
    assert reason == "69 precincts report of 68 that there are"
    assert len(parse_body(LAKE_PATH, json.dumps(body).encode()).reports) == 2


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("us-senate", "U.S. Senate (Partial/Unexpired Term) - Statewide Results"),
        ("us-senate-unexpired-term", "U.S. Senate (Full Term) - Statewide Results"),
        ("us-senate", "Governor - Statewide Results"),
        ("us-senate", "State Senate District 1 - Statewide Results"),
        ("governor", "Lieutenant Governor - Statewide Results"),
        ("governor", "Governor District 4 - Districtwide Results"),
        ("governor", "Governor - Lake County Results"),
        ("governor", "Governor - Atlantis County Results"),
        ("governor", "Governor Recall - Statewide Results"),
        ("governor/county/lake", "Governor - Napa County Results"),
        ("president", "President Democratic - Statewide Results"),
        ("president/party/green", "President Libertarian - Statewide Results"),
        ("president/party/green", "President Green District 3 - Districtwide Results"),
        ("president/party/green/county/all", "President Green District 3 - Districtwide Results"),
        ("president/party/green/district/all", "President Green District 3 - Lake County Results"),
        ("us-rep/district/4", "U.S. House of Representatives District 5 - Districtwide Results"),
        ("us-rep/district/4", "U.S. House of Representatives - Districtwide Results"),
        ("us-rep/district/4", "State Assembly District 4 - Districtwide Results"),
        ("us-rep/district/4", "State Senator District 4 - Districtwide Results"),
        ("us-rep/district/all", "U.S. House of Representatives District 54 - Districtwide Results"),
        ("us-rep/district/all", "U.S. House of Representatives District 4 - Lake County Results"),
    ],
)
def test_a_title_about_something_else_than_was_asked_for(path, title):
    body = {**excerpt("us-senate-unexpired-term"), "raceTitle": title}
    ((field, _),) = problems(path, body)
    assert field == "raceTitle"
    assert parse_body(path, json.dumps(body).encode()).reports == ()


@pytest.mark.parametrize(
    ("where", "value", "field", "reason"),
    [
        ("ballot-measures/0", "Yes", "ballot-measures[0]", "not a text"),
        ("ballot-measures/0/Name", ..., "ballot-measures[0].Name", "is missing"),
        ("ballot-measures/0/Number", ..., "ballot-measures[0].Number", "is missing"),
        ("ballot-measures/0/Number", "00", "ballot-measures[0].Number", "no measure's number"),
        ("ballot-measures/0/Number", "123456", "ballot-measures[0].Number", "no measure's number"),
        ("ballot-measures/0/Number", True, "ballot-measures[0].Number", "no measure's number"),
        ("ballot-measures/0/yesVotes", ..., "ballot-measures[0].yesVotes", "is missing"),
        ("ballot-measures/0/noVotes", "-1", "ballot-measures[0].noVotes", "is no count"),
        ("ballot-measures/0/yesPercent", "?", "ballot-measures[0].yesPercent", "no percentage"),
    ],
)
def test_a_broken_measure_is_named_and_the_others_count(where, value, field, reason):
    body = broken(where, value, path="ballot-measures")
    good = {**excerpt("ballot-measures")["ballot-measures"][0], "Number": "02"}
    body["ballot-measures"].append(good)
    ((found_field, found_reason),) = problems("ballot-measures", body)
    assert found_field == field
    assert reason in found_reason
    (other,) = parse_body("ballot-measures", json.dumps(body).encode()).reports
    assert other.contest.measure == "2"


def test_a_measure_listed_twice_counts_once():
    body = excerpt("ballot-measures")
    body["ballot-measures"] *= 2
    ((field, reason),) = problems("ballot-measures", body)
    assert field == "ballot-measures[1]"
    assert "twice" in reason
    assert len(parse_body("ballot-measures", json.dumps(body).encode()).reports) == 1


def test_a_measure_that_was_asked_for_and_did_not_come():
    ((field, reason),) = problems("ballot-measures/prop/2", excerpt("ballot-measures"))
    assert (field, reason) == ("ballot-measures", "measure 2 is not in the list")


LAKE_AND_STATE = query_path(["11000004000017", "11000004000059"])


def test_an_answer_that_no_id_asked_for_is_left_out():
    lake, _ = excerpt(LAKE_PATH)
    stranger = excerpt("us-senate-unexpired-term")
    ((field, reason),) = problems(LAKE_AND_STATE, [lake, stranger])
    assert field == "[1].raceTitle"
    assert "is none of the contests asked for" in reason
    (report,) = parse_body(LAKE_AND_STATE, json.dumps([lake, stranger]).encode()).reports
    assert report.area == Area.county(17)


@pytest.mark.parametrize(
    "number", ["11000005000017", "12000004000017", "11000004000028", "01000200000017"]
)
def test_an_answer_about_another_contest_or_area_is_left_out(number):
    lake, _ = excerpt(LAKE_PATH)
    path = query_path([number])
    assert parse_body(path, json.dumps([lake]).encode()).reports == ()
    assert [field for field, _ in problems(path, [lake])] == ["[0].raceTitle"]


def test_an_answer_out_of_its_place_is_not_believed_by_its_district_alone():
    # Whatever "Legislature" means here, only its own place could say so.
    lake, whole = excerpt(LAKE_PATH)
    vague = {**whole, "raceTitle": "Legislature District 4 - Districtwide Results"}
    assert problems(LAKE_AND_STATE, [lake, vague]) == []
    assert ("[0].raceTitle", "'Legislature District 4 - Districtwide Results' is none of the "
            "contests asked for") in problems(LAKE_AND_STATE, [vague, lake])  # fmt: skip


def test_the_same_answer_twice_is_taken_once():
    lake, _ = excerpt(LAKE_PATH)
    assert len(problems(LAKE_AND_STATE, [lake, lake])) == 1


def test_more_answers_than_ids_are_told():
    lake, whole = excerpt(LAKE_PATH)
    found = problems(LAKE_AND_STATE, [lake, whole, lake])
    assert ("", "2 contests asked for, 3 came") in found


def test_an_id_that_is_none_is_told_and_the_others_are_answered():
    lake, whole = excerpt(LAKE_PATH)
    path = query_path(["110000040000017", "11000004000059"])
    found = problems(path, [lake, whole])
    assert found[0][0] == "r"
    assert "15 characters" in found[0][1]
    (report,) = parse_body(path, json.dumps([lake, whole]).encode()).reports
    assert report.area == WHOLE


def test_a_broken_measure_in_a_query_is_named():
    element = excerpt("ballot-measures/county/alameda")
    element["ballot-measures"][0]["Number"] = "?"
    found = problems(query_path(["19000000000101"]), [element])
    assert found[0][0] == "[0].ballot-measures[0].Number"


@pytest.mark.parametrize(
    ("path", "value", "field", "reason"),
    [
        ("maps/us-senate", [], "", "an object by county was expected, not a list"),
        ("maps/us-senate", {"message": "no"}, "", "no map but a message"),
        ("maps/us-senate", {"atlantis": {}}, "", "'atlantis' is neither a county nor statewide"),
        ("maps/us-senate", {"lake": {}}, "lake.raceTitle", "is missing"),
        ("maps/us-senate", {"lake": 5}, "lake", "a contest was expected, not a number"),
        ("maps/voter-turnout", {}, "", "no office 'voter-turnout'"),
        ("maps/status", {}, "", "is no map of a contest"),
        ("maps/maps", {}, "", "is no map of a contest"),
        ("maps", {}, "", "names nothing"),
    ],
)
def test_what_is_wrong_with_a_map(path, value, field, reason):
    ((found_field, found_reason),) = problems(path, value)
    assert found_field == field
    assert reason in found_reason


def test_a_map_area_whose_title_is_about_another():
    state, lake = excerpt(COUNTY_ALL)
    ((field, reason),) = problems("maps/us-senate", {"statewide": state, "napa": lake})
    assert field == "napa.raceTitle"
    assert reason.endswith("is not about napa")


def test_a_body_full_of_faults_tells_only_so_many():
    assert len(problems(COUNTY_ALL, [1] * 5000)) == MOST_PROBLEMS


_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["1,234", "50.0", "Dem", "5% (1 of 20) precincts reporting"])
)
_KEYS = st.sampled_from(
    """raceTitle Reporting ReportingTime candidates ballot-measures supreme-court Name Party Votes
    Percent incumbent Number yesVotes yesPercent noVotes noPercent statewide lake message
    precinctsReporting precinctsTotal timestamp lastReportTimestamp reportType""".split()
) | st.text(max_size=5)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=20,
)
PATHS = (*EXCERPTS, LAKE_AND_STATE, "status", "maps/governor")


@pytest.mark.parametrize("path", PATHS)
@given(body=st.binary(max_size=200))
def test_no_bytes_make_it_raise(path, body):
    parsed = parse_body(path, body)
    assert parsed.problems
    assert not parsed.reports


@given(path=st.sampled_from(PATHS), value=_JSON)
def test_no_json_makes_it_raise(path, value):
    parse_body(path, json.dumps(value).encode())


@given(path=st.text(max_size=40), value=_JSON)
def test_no_path_makes_it_raise(path, value):
    parse_body(path, json.dumps(value).encode())


@given(data=st.data(), path=st.sampled_from(sorted(EXCERPTS)))
def test_a_real_body_with_one_value_replaced_never_raises(data, path):
    value = excerpt(path)
    places: list[tuple] = []

    def collect(inner):
        for key in inner if isinstance(inner, dict) else range(len(inner)):
            places.append((inner, key))
            if isinstance(inner[key], dict | list):
                collect(inner[key])

    collect(value)
    inner, key = data.draw(st.sampled_from(places))
    inner[key] = data.draw(_JSON)
    parsed = parse_body(path, json.dumps(value).encode())
    for report in parsed.reports:
        assert report.facts_hash()


@given(path=st.sampled_from(sorted(EXCERPTS)), data=st.data())
def test_a_body_that_broke_off_is_a_problem_and_no_report(path, data):
    body = EXCERPTS[path]
    parsed = parse_body(path, body[: data.draw(st.integers(0, len(body) - 1))])
    assert len(parsed.problems) == 1
    assert parsed.reports == ()
