"""The list of all contests, its filters and its search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import pages, publishing
from dashboard.listing import Wanted, gap_text, line, plain
from results.margins import deciding_margin
from tests.bodies import LATER, body, element, in_county, measures, statewide

SENATE = "us-senate/county/all"
HOUSE = "us-rep/district/all"
MEASURES = "ballot-measures"
HOUSE_TITLE = "U.S. House of Representatives District {} - Districtwide Results"


@pytest.fixture
def election(make_election, take_up):
    found = make_election(SENATE, HOUSE, MEASURES, "us-rep/district/4/county/all")
    take_up(
        found,
        {
            SENATE: [statewide({"Schiff": 500, "Garvey": 490, "Porter": 485}, at=LATER)],
            HOUSE: [
                element(
                    HOUSE_TITLE.format(n),
                    {"José Muñiz": 60, "Ann Lee": 30, "Bo Roe": 10},
                    parties={"Ann Lee": "Rep"},
                    at="March 5, 2024, 8:05 p.m.",
                )
                for n in range(1, 53)
            ],
            MEASURES: measures("Ballot Measures - Statewide Results", {"1": (40, 60)}),
        },
    )
    publishing.publish_election_choice()
    publishing.publish(found)
    pages.forget_state()
    return found


def slugs(client, query: str = "") -> list[str]:
    html = client.get(f"/contests/{query}").content.decode()
    return [part.partition('"')[0] for part in html.split('<li id="item-')[1:]]


def test_all_contests_are_listed_once_in_their_order(client, election):
    found = slugs(client)
    assert len(found) == len(set(found)) == 54
    assert found[0] == "us-senate"


def test_an_office_narrows_the_list(client, election):
    assert slugs(client, "?office=measures") == ["ballot-measures-prop-1"]


def test_a_party_narrows_the_list_to_contests_in_which_it_stands(client, election):
    assert set(slugs(client, "?party=Rep")) == {f"us-rep-district-{n}" for n in range(1, 53)}


def test_close_means_under_two_points_between_the_places_that_decide(client, election):
    # Second and third are one vote in three hundred apart; a measure at 40 to 60 is not close.
    assert slugs(client, "?close=1") == ["us-senate"]


def test_recent_means_within_an_hour_of_the_newest_change(client, election):
    assert slugs(client, "?recent=1") == ["us-senate", "ballot-measures-prop-1"]


@pytest.mark.parametrize(
    "words", ["muniz", "MUÑIZ", "district 7", "mun 7", "Cámara distrito 7", "u.s. house 7"]
)
def test_a_search_is_by_beginnings_of_words_without_accents_or_case(client, election, words):
    assert "us-rep-district-7" in slugs(client, f"?q={words}")


def test_every_word_of_a_search_must_fit(client, election):
    assert slugs(client, "?q=muniz senate") == []


def test_what_an_address_asks_for_that_there_is_not_is_passed_over(client, election):
    assert len(slugs(client, "?office=mayor&party=Whig&county=nevada-city&page=9")) == 54


def test_the_form_shows_what_the_address_asks_for(client, election):
    html = client.get("/contests/?q=lee&party=Rep&close=1").content.decode()
    assert 'value="lee"' in html
    assert '<option value="Rep" selected>' in html
    assert 'name="close" value="1" checked' in html


def test_the_count_says_how_many_of_all_fit(client, election):
    assert "1 of 54 contests" in client.get("/contests/?office=measures").content.decode()
    assert "54 contests" in client.get("/contests/").content.decode()


def test_a_changed_contest_changes_its_line(client, election, take_up):
    html = client.get("/contests/").content.decode()
    path = html.partition('id="poller"')[2].partition('hx-get="')[2].partition('"')[0]
    more = [statewide({"Schiff": 600, "Garvey": 490, "Porter": 485}, at=LATER)]
    take_up(election, {SENATE: body(more)})
    publishing.publish(election)
    pages.forget_state()
    assert 'id="item-us-senate"' in client.get(path).content.decode()


def test_a_line_of_a_top_two_has_the_third_who_is_behind(returns_of):
    shown = line(returns_of(SENATE, statewide({"A": 50, "B": 30, "C": 15, "D": 5})))
    assert [row.name for row in shown.rows] == ["A", "B", "C"]
    assert shown.others == "and 1 more"


def test_a_gap_of_some_votes_is_never_told_as_none(returns_of):
    votes = {"A": 100_000, "B": 50_001, "C": 50_000}
    gap = gap_text(deciding_margin(returns_of(SENATE, statewide(votes))))
    assert gap == "<0.1 points between second and third"


def test_a_county_finds_the_contests_on_its_ballot(client, make_election, take_up):
    found = make_election(SENATE, "us-rep/district/4/county/lake")
    title = "U.S. House of Representatives District 4 - {} Results"
    take_up(
        found,
        {
            SENATE: [statewide({"A": 1}), in_county("Lake", {"A": 1}), in_county("Napa", {"A": 1})],
            "us-rep/district/4/county/lake": [
                element(title.format("Lake County"), {"C": 2}),
                element(title.format("Districtwide"), {"C": 2}),
            ],
        },
    )
    publishing.publish_election_choice()
    publishing.publish(found)
    pages.forget_state()
    assert slugs(client, "?county=lake") == ["us-senate", "us-rep-district-4"]
    assert slugs(client, "?county=napa") == ["us-senate"]
    assert slugs(client, "?q=lake county") == ["us-rep-district-4"]


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=200), max_size=6), st.text())
def test_no_address_can_break_the_list(parameters, q):
    wanted = Wanted.of({**parameters, "q": q})
    assert len(wanted.q) <= 80


@given(st.text())
def test_a_plain_text_stays_as_it_is_when_made_plain_again(text):
    assert plain(plain(text)) == plain(text)
