"""What a contest's page has besides its card."""

import json
from datetime import date
from io import BytesIO
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dashboard import county_map, course_chart, pages, publishing, share_image
from dashboard.cards import race_card
from dashboard.contest_detail import contest_detail
from dashboard.page_meta import json_ld
from dashboard.remaining import remaining
from results.selectors import contest_returns
from results.unprocessed import Left, read_estimates, take_up_estimates
from tests.bodies import LATER, element, in_county, measures, statewide

SENATE = "us-senate/county/all"
LEFT = Left(1_000, 58, date(2024, 3, 7), date(2024, 3, 7), ("SOS",))


@pytest.fixture
def election(make_election, take_up):
    found = make_election(SENATE)
    for votes, at in ((100, "March 5, 2024, 8:30 p.m."), (200, LATER)):
        take_up(
            found,
            {
                SENATE: [
                    statewide({"Schiff": votes, "Garvey": 90}, at=at),
                    in_county("Lake", {"Schiff": votes, "Garvey": 90}, at=at),
                ]
            },
        )
    publishing.publish_election_choice()
    publishing.publish(found)
    pages.forget_state()
    return found


def soup(client, path: str = "/contests/us-senate/") -> BeautifulSoup:
    return BeautifulSoup(client.get(path).content.decode(), "html.parser")


# The map ------------------------------------------------------------------------------------


def test_every_county_of_the_map_is_a_link_with_its_figures(client, election):
    page = soup(client)
    counties = page.select(".map a")
    assert len(counties) == 58
    lake = page.select_one("#map-17")
    assert lake["href"] == "/counties/lake/"
    assert lake["aria-label"] == "Lake County: Schiff 69.0%, Garvey 31.0%; 10% of precincts"
    assert "not yet received" in page.select_one("#map-1")["aria-label"]


def test_a_county_under_the_threshold_is_not_colored(returns_of):
    early = in_county("Lake", {"A": 90, "B": 10}, precincts=(4, 100))
    drawn = county_map.county_map(returns_of(SENATE, statewide({"A": 90, "B": 10}), early))
    (lake,) = [one for one in drawn.counties if one.number == 17]
    assert lake.classes.split()[0] == "early"
    assert next(key.text for key in drawn.keys) == "Too early to color"


def test_leaders_of_one_party_are_told_apart_by_a_pattern(returns_of):
    votes = {"A": 60, "B": 50, "C": 40}
    found = returns_of(
        SENATE,
        statewide(votes),
        in_county("Lake", {"A": 9, "B": 1, "C": 0}),
        in_county("Napa", {"A": 0, "B": 9, "C": 0}),
        in_county("Yolo", {"A": 0, "B": 0, "C": 9}),
    )
    by_number = {one.number: one for one in county_map.county_map(found).counties}
    assert [by_number[n].pattern for n in (17, 28, 57)] == ["", "striped", "dotted"]


def test_a_tie_in_a_county_has_no_leader(returns_of):
    found = returns_of(SENATE, statewide({"A": 5, "B": 5}), in_county("Lake", {"A": 5, "B": 5}))
    by_number = {one.number: one for one in county_map.county_map(found).counties}
    assert by_number[17].classes.startswith("tied ")


def test_a_district_is_drawn_near_with_its_neighbors_around(make_election, take_up):
    title = "U.S. House of Representatives District 4 - {} Results"
    path = "us-rep/district/4/county/lake"
    election = make_election(path)
    county = element(title.format("Lake County"), {"A": 2})
    take_up(election, {path: [county, element(title.format("Districtwide"), {"A": 2})]})
    (found,) = contest_returns(election, areas=True)
    drawn = county_map.county_map(found)
    assert [one.number for one in drawn.counties] == [17]
    assert len(drawn.outside) == 57
    assert float(drawn.view_box.split()[2]) < county_map.shapes()["width"]


def test_the_shapes_are_those_of_all_58_counties():
    drawn = county_map.shapes()["counties"]
    assert sorted(map(int, drawn)) == list(range(1, 59))
    assert all(shape["path"].startswith("M") for shape in drawn.values())


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_larger_margin_is_never_drawn_lighter(one, other):
    smaller, larger = sorted((one, other))
    assert 1 <= county_map.margin_step(smaller) <= county_map.margin_step(larger) <= 4


@given(st.integers(0, 6_000), st.integers(0, 6_000))
def test_only_all_precincts_are_drawn_as_all(reporting, total):
    reporting = min(reporting, total)
    step = county_map.reporting_step(reporting, total)
    assert (step == 4) == (0 < total == reporting)
    assert (step == 0) == (reporting == 0)


# The course of the night --------------------------------------------------------------------


def test_the_course_is_a_chart_with_names_at_its_lines_and_words_below(client, election):
    course = soup(client).select_one("#course-of-us-senate")
    assert "Schiff" in course.select_one("svg").get_text()
    assert "In first place through the night: Schiff" in course.figcaption.get_text()
    assert [row.th.get_text(strip=True) for row in course.select("tbody tr")] == [
        "9:30\N{NO-BREAK SPACE}p.m.",
        "8:30\N{NO-BREAK SPACE}p.m.",
    ]


def test_one_report_alone_makes_no_chart(client, make_election, take_up):
    found = make_election(SENATE)
    take_up(found, {SENATE: [statewide({"A": 5, "B": 3})]})
    publishing.publish_election_choice()
    assert soup(client).select_one(".course-chart") is None


@given(st.lists(st.floats(12, 312), min_size=1, max_size=4))
def test_labels_at_the_ends_of_lines_never_lie_on_each_other(places):
    moved = course_chart._apart(places)
    order = sorted(range(len(places)), key=lambda n: places[n])
    gaps = [moved[b] - moved[a] for a, b in pairwise(order)]
    assert all(gap >= course_chart.LABEL_GAP - 1e-6 for gap in gaps)
    assert max(moved) <= course_chart.HEIGHT - course_chart.BOTTOM + 1e-6


@pytest.mark.parametrize(
    ("name", "short"),
    [("Adam B. Schiff", "Schiff"), ("Joseph R Biden Jr", "Biden"), ("Cher", "Cher")],
)
def test_a_line_is_named_by_the_family_name(name, short):
    assert course_chart.family_name(name) == short


# Tables -------------------------------------------------------------------------------------


def test_a_county_row_has_the_lead_there_and_its_share_of_all_votes(returns_of):
    found = returns_of(
        SENATE,
        statewide({"Adam Schiff": 600, "Steve Garvey": 400}),
        in_county("Lake", {"Adam Schiff": 20, "Steve Garvey": 30}),
    )
    (table,) = contest_detail(found).tables
    lake = next(row for row in table.rows if row.name == "Lake")
    assert (lake.lead, lake.share) == ("Garvey +20.0", "5.0%")


def test_a_lead_or_share_of_something_is_never_nothing(returns_of):
    found = returns_of(
        SENATE,
        statewide({"A": 6_000_000, "B": 4_000_000}),
        in_county("Lake", {"A": 2_001, "B": 2_000}),
    )
    lake = next(row for row in contest_detail(found).tables[0].rows if row.name == "Lake")
    assert (lake.lead, lake.share) == ("A +<0.1", "<0.1%")


def test_updates_say_which_county_what_it_added_and_what_it_did(client, election):
    updates = soup(client).select_one("#updates-of-us-senate")
    newest = updates.li.get_text(" ", strip=True)
    assert "Lake County" in newest
    assert "+100 votes" in newest
    assert "Lead of Schiff over Garvey: +100" in newest


def test_the_updates_download_as_csv(client, election):
    response = client.get("/contests/us-senate/updates.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0].startswith("reported_at,fetched_at,area")
    assert len(lines) == 1 + 4


# What is left -------------------------------------------------------------------------------


def test_of_two_the_one_behind_is_told_what_share_of_the_rest_draws_level(returns_of):
    found = returns_of(
        "ballot-measures", measures("Ballot Measures - Statewide Results", {"1": (500, 600)})
    )
    assert remaining(found, LEFT).needed == "To draw level, Yes would need 55.0% of them."


def test_of_many_the_one_behind_is_told_by_how_many_points(returns_of):
    found = returns_of(SENATE, statewide({"A": 500, "B": 300, "C": 250}))
    assert (
        remaining(found, LEFT).needed
        == "To draw level, C would need to be 5.0 points ahead of B in them."
    )


def test_a_gap_larger_than_the_rest_is_said(returns_of):
    found = returns_of(SENATE, statewide({"A": 9_000, "B": 8_000, "C": 2_500}))
    assert "further behind" in remaining(found, LEFT).needed


def test_a_district_or_a_partys_primary_has_no_estimate_of_its_own(returns_of):
    path = "us-rep/district/4"
    title = "U.S. House of Representatives District 4 - Districtwide Results"
    assert remaining(returns_of(path, element(title, {"A": 5, "B": 3})), LEFT) is None


def test_estimates_stand_on_the_pages_with_day_and_source(client, election):
    take_up_estimates(
        election,
        read_estimates("county,vote_by_mail\nLake,4000\n"),
        date(2024, 3, 7),
        "County registrars",
    )
    publishing.publish(election)
    pages.forget_state()
    for path in ("/", "/counties/"):
        assert "About 4,000 ballots not yet counted" in soup(client, path).get_text()
    page = soup(client).select_one(".remaining").get_text()
    assert "County registrars" in page
    assert "March\N{NO-BREAK SPACE}7" in page
    assert "4,000" in soup(client, "/counties/lake/").get_text()


# What the page says of itself ---------------------------------------------------------------


def test_the_page_names_itself_its_picture_and_its_data(client, election):
    head = soup(client).head
    assert head.title.get_text().startswith("U.S. Senate, full term · ")
    image = head.find("meta", property="og:image")["content"]
    assert image == "http://testserver/contests/us-senate/share.png"
    assert "Schiff 69.0%" in head.find("meta", attrs={"name": "description"})["content"]
    data = json.loads(head.find("script", type="application/ld+json").string)
    assert data["@type"] == "Dataset"
    assert data["distribution"][0]["contentUrl"].endswith("/contests/us-senate/updates.csv")


@given(st.text())
def test_no_name_ends_the_element_its_data_stands_in(name):
    text = json_ld({"name": name})
    assert "<" not in text
    assert json.loads(text)["name"] == name


def test_the_picture_is_a_png_of_the_size_sites_ask_for(client, election):
    response = client.get("/contests/us-senate/share.png")
    assert response["Content-Type"] == "image/png"
    assert Image.open(BytesIO(response.content)).size == (1200, 630)


def test_the_picture_changes_with_the_figures(client, election, take_up):
    before = client.get("/contests/us-senate/share.png")
    take_up(election, {SENATE: [statewide({"Schiff": 999, "Garvey": 90}, at=LATER)]})
    publishing.publish(election)
    pages.forget_state()
    after = client.get("/contests/us-senate/share.png")
    assert after["ETag"] != before["ETag"]


def test_the_picture_holds_the_longest_names(returns_of):
    votes = {f"{'Wolfeschlegelsteinhausenbergerdorff ' * 2}{n}": 10 for n in range(9)}
    drawn = share_image.share_image(race_card(returns_of(SENATE, statewide(votes))), "E" * 120)
    assert Image.open(BytesIO(drawn)).size == (1200, 630)


@override_settings(SITE_NOTICE="Replay")
def test_a_night_that_is_not_real_is_kept_from_search_engines(client, election):
    assert soup(client).find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()
