"""The returns as CSV."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from results.returns_api.tables import table
from tests.bodies import element, in_county, measures, statewide

ALL = "us-senate/county/all"


def rows(response) -> list[dict[str, str]]:
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


def test_a_line_a_candidate_and_area(make_election, take_up, get):
    election = make_election(ALL)
    figures = {"Schiff": 1_200, "Garvey": 800}
    parties = {"Garvey": "Rep"}
    take_up(election, {ALL: [statewide(figures, parties=parties), in_county("Lake", figures)]})
    found = [row for row in rows(get(f"{ALL}?f=csv")) if row["area"] in ("whole", "lake")]

    assert [(row["area"], row["name"], row["votes"]) for row in found][:3] == [
        ("whole", "Schiff", "1200"),
        ("whole", "Garvey", "800"),
        ("lake", "Schiff", "1200"),
    ]
    assert found[1] == {
        "contest_id": "10000000000159",
        "race_title": "U.S. Senate (Full Term) - Statewide Results",
        "area": "whole",
        "county": "",
        "measure": "",
        "name": "Garvey",
        "choice": "",
        "party": "Rep",
        "incumbent": "no",
        "votes": "800",
        "percent": "40.0",
        "precincts_reporting": "10",
        "precincts_total": "100",
        "precincts_percent": "10",
        "reporting_time": "2024-03-05T21:00:00-08:00",
    }


def test_a_line_for_yes_and_one_for_no(make_election, take_up, get):
    election = make_election("ballot-measures")
    take_up(
        election,
        {"ballot-measures": measures("Ballot Measures - Statewide Results", {"1": (5, 3)})},
    )
    found = rows(get("ballot-measures?f=csv"))

    assert [(row["measure"], row["choice"], row["votes"]) for row in found] == [
        ("1", "Yes", "5"),
        ("1", "No", "3"),
    ]


def test_the_status_has_a_line_a_county(make_election, take_up, get):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 1}), in_county("Lake", {"Schiff": 1})]})

    assert [row["county"] for row in rows(get("status?f=csv"))][:3] == [
        "Statewide",
        "Alameda",
        "Alpine",
    ]


def test_no_cell_is_a_formula(make_election, take_up, get):
    election = make_election("us-senate")
    name = '=HYPERLINK("https://x.org")'
    take_up(election, {"us-senate": statewide({name: 1})})

    assert rows(get("us-senate?f=csv"))[0]["name"] == f"'{name}"


def test_names_keep_their_accents_and_quotes(make_election, take_up, get):
    election = make_election("us-rep/district/1")
    name = 'Angélica "Angie" Dueñas, Jr.'
    title = "U.S. House of Representatives District 1 - Districtwide Results"
    take_up(election, {"us-rep/district/1": element(title, {name: 1})})

    assert rows(get("us-rep/district/1?f=csv"))[0]["name"] == name


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_table(cells):
    read = list(csv.reader(io.StringIO(table(cells).decode("utf-8", "surrogatepass"), newline="")))

    assert [[c.removeprefix("'") for c in row] for row in read] == [
        [c.removeprefix("'") for c in row] for row in cells
    ]
