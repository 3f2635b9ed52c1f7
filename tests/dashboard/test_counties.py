"""The count by county, the overview's highlights, and a reader's own races."""

import pytest
from bs4 import BeautifulSoup

from dashboard import county_pages, highlights, live_pages, pages, publishing
from results.selectors import contest_returns
from tests.bodies import LATER, element, in_county, statewide

SENATE = "us-senate/county/all"
HOUSE = "us-rep/district/all"
LAKE_HOUSE = "us-rep/district/4/county/lake"
HOUSE_TITLE = "U.S. House of Representatives District {} - {} Results"


def house(number: int, votes: dict[str, int], **more) -> dict:
    return element(HOUSE_TITLE.format(number, "Districtwide"), votes, **more)


@pytest.fixture
def election(make_election, take_up):
    found = make_election(SENATE, HOUSE, LAKE_HOUSE)
    parties = {"Dee": "Dem", "Roe": "Rep", "Ray": "Rep"}
    districts = [
        house(n, {"Dee": 50, "Roe": 30, "Ray": 20}, parties=parties) for n in range(1, 41)
    ] + [house(n, {"Roe": 50, "Ray": 30, "Dee": 20}, parties=parties) for n in range(41, 52)]
    districts.append(house(52, {"Dee": 5, "Roe": 3}, parties=parties, precincts=(0, 100)))
    take_up(
        found,
        {
            SENATE: [
                statewide({"A": 600, "B": 300, "C": 100}),
                in_county("Lake", {"A": 10, "B": 20, "C": 10}, precincts=(1, 4)),
            ],
            HOUSE: districts,
            LAKE_HOUSE: [
                element(HOUSE_TITLE.format(4, "Lake County"), {"Dee": 9, "Roe": 1, "Ray": 0}),
                districts[3],
            ],
        },
    )
    publish(found)
    return found


def publish(election) -> None:
    publishing.publish_election_choice()
    publishing.publish(election)
    pages.forget_state()


def soup(client, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).content.decode(), "html.parser")


def text(element) -> str:
    return " ".join(element.get_text(" ").replace("\N{NO-BREAK SPACE}", " ").split())


# Counties ---------------------------------------------------------------------------------------


def test_all_58_counties_are_listed_and_unknown_is_not_zero(client, election):
    rows = soup(client, "/counties/").select("table.counties tbody tr")
    assert len(rows) == 58
    by_name = {row.th.get_text(): text(row) for row in rows}
    assert by_name["Lake"].startswith("Lake 25% 1 of 4 precincts 40 9:00 p.m. 9:00 p.m. 1")
    assert by_name["Alpine"] == "Alpine Not yet received"


def test_a_county_has_every_contest_on_its_ballot_and_no_other(client, election):
    cards = soup(client, "/counties/lake/").select(".county-card")
    assert [card["id"] for card in cards] == ["in-lake--us-senate", "in-lake--us-rep-district-4"]
    assert len(soup(client, "/counties/napa/").select(".county-card")) == 1


def test_a_county_stands_beside_the_whole_contest(client, election):
    card = soup(client, "/counties/lake/").select_one("#in-lake--us-senate")
    assert text(card.tbody.tr) == "D B 20 50.0% 30.0% +20.0"
    assert "4.0% of the state’s votes" in text(card)


def test_an_unknown_county_is_not_found_in_words(client, election):
    response = client.get("/counties/lakes/")
    assert response.status_code == 404
    assert "California has no county “lakes”" in response.content.decode()


def test_a_county_that_reports_changes_its_open_pages(client, election, take_up):
    path = poll(client, "/counties/lake/")
    more = [statewide({"A": 700, "B": 300, "C": 100}, at=LATER)]
    more.append(in_county("Lake", {"A": 110, "B": 20, "C": 10}, at=LATER))
    take_up(election, {SENATE: more})
    publish(election)
    html = client.get(path).content.decode()
    assert 'id="in-lake--us-senate"' in html
    assert "in-napa" not in html


def poll(client, path: str) -> str:
    return soup(client, path).select_one("#poller")["hx-get"]


@pytest.mark.parametrize(
    ("here", "whole", "told"),
    [("50.0", "30.0", "+20.0"), ("1.1", "1.2", "−0.1"), ("7.0", "7.0", "0.0")],
)
def test_a_difference_has_its_sign(here, whole, told):
    assert county_pages._difference(here, whole) == told


# The overview's highlights ---------------------------------------------------------------------


def test_the_delegation_counts_each_district_once_with_the_unclear_apart(election):
    (chamber,) = highlights.chambers(contest_returns(election))
    assert [(part.letter, part.seats) for part in chamber.parts] == [("D", 40), ("R", 11), ("", 1)]
    assert sum(float(part.width) for part in chamber.parts) == pytest.approx(100, abs=0.1)
    assert chamber.heading == "In first place"


def test_two_of_one_party_ahead_in_a_district_is_told(election):
    (chamber,) = highlights.chambers(contest_returns(election))
    assert chamber.notes == ("In 11 districts two of one party lead for November.",)


def test_the_closest_come_narrowest_first_once_enough_has_reported(make_election, take_up):
    found = make_election(HOUSE)
    take_up(
        found,
        {
            HOUSE: [
                house(1, {"A": 500, "B": 251, "C": 249}),
                house(2, {"A": 5_000, "B": 2_501, "C": 2_500}),
                house(3, {"A": 500, "B": 300, "C": 200}),
                house(4, {"A": 500, "B": 251, "C": 250}, precincts=(1, 100)),
            ]
        },
    )
    listed = highlights.closest(contest_returns(found))
    assert [one.slug for one in listed] == ["us-rep-district-2", "us-rep-district-1"]
    assert listed[0].detail == "1 vote, <0.1 points between second and third"
    assert listed[0].names == "B ahead of C"


def test_what_changed_last_comes_first(make_election, take_up):
    found = make_election(HOUSE)
    take_up(found, {HOUSE: [house(1, {"A": 5, "B": 1}), house(2, {"A": 5, "B": 1}, at=LATER)]})
    assert [one.slug for one in highlights.newest(contest_returns(found))] == [
        "us-rep-district-2",
        "us-rep-district-1",
    ]


def test_what_changed_last_tells_the_standing_and_not_the_split_of_the_update(
    make_election, take_up
):
    found = make_election(HOUSE)
    take_up(found, {HOUSE: [house(1, {"A": 60, "B": 40})]})
    take_up(found, {HOUSE: [house(1, {"A": 70, "B": 130}, at=LATER)]})
    (line,) = highlights.newest(contest_returns(found))
    assert line.names == "B\xa065.0%, A\xa035.0%"


# My races -----------------------------------------------------------------------------------------


def test_a_choice_of_counties_and_districts_gets_a_page_of_just_those(client, election):
    page = soup(client, "/my/?county=lake&us-rep=7")
    assert [card["id"] for card in page.select(".card")] == [
        "card-us-rep-district-7",
        "in-lake--us-senate",
    ]


def test_without_a_choice_the_form_is_open(client, election):
    assert soup(client, "/my/").select_one("#my-choice").has_attr("open")


def test_what_is_no_county_or_district_is_passed_over(client, election):
    page = soup(client, "/my/?county=oz&us-rep=99&us-rep=x&state-senate=-1")
    assert page.select(".card") == []


def test_a_page_holds_so_many_counties_and_no_more(client, election):
    query = "&".join(f"county={slug}" for slug in ("alameda", "alpine", "amador", "butte"))
    page = soup(client, f"/my/?{query}&county=calaveras&county=colusa")
    assert len(page.select("section.races")) == live_pages.MOST_COUNTIES


def test_my_page_is_told_of_changes_of_its_races_alone(client, election, take_up):
    path = poll(client, "/my/?county=lake&us-rep=7")
    other = poll(client, "/my/?county=napa&us-rep=9")
    assert path.startswith("/live/my/lake/us-rep-district-7/")
    take_up(election, {HOUSE: [house(7, {"Dee": 60, "Roe": 30, "Ray": 20}, at=LATER)]})
    publish(election)
    assert 'id="card-us-rep-district-7"' in client.get(path).content.decode()
    assert client.get(other).status_code == 204
