"""Races on other sites, elections kept, and what search engines are told."""

import json
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from dashboard import live, pages, publishing
from results import feed_state
from results.models import Election
from tests.bodies import LATER, in_county, statewide

SENATE = "us-senate/county/all"
KEPT = "/elections/2024-03-05-presidential-primary/"


@pytest.fixture
def election(make_election, take_up):
    """Lake reports half an hour after the polls close and again an hour and a half after."""
    found = make_election(SENATE)
    for votes, told, hour, minute in (
        (100, "March 5, 2024, 8:30 p.m.", 4, 31),
        (300, LATER, 5, 31),
    ):
        moment = datetime(2024, 3, 6, hour, minute, tzinfo=UTC)
        value = [
            statewide({"Schiff": votes, "Garvey": 90}, at=told),
            in_county("Lake", {"Schiff": votes, "Garvey": 90}, at=told),
        ]
        take_up(found, {SENATE: value}, moment, moment)
    publish(found)
    return found


def publish(election) -> None:
    publishing.publish_election_choice()
    publishing.publish(election)
    pages.forget_state()


def soup(client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content.decode(), "html.parser")


# On other sites -----------------------------------------------------------------------------


def test_an_embed_can_be_framed_anywhere_and_no_other_page_can(client, election):
    embed = client.get("/embed/us-senate/")
    assert "X-Frame-Options" not in embed
    assert "frame-ancestors *" in embed["Content-Security-Policy"]
    for path in ("/", "/contests/us-senate/", "/counties/", KEPT):
        page = client.get(path)
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_an_embed_is_one_card_that_keeps_itself_current(client, election):
    page = soup(client, "/embed/us-senate/")
    assert len(page.select(".card")) == 1
    assert page.select_one("#poller")["hx-get"].startswith("/live/embed/us-senate/")


@pytest.mark.parametrize(("asked", "theme"), [("dark", "dark"), ("light", "light"), ("x", None)])
def test_an_embed_takes_the_theme_it_is_told(client, election, asked, theme):
    assert soup(client, f"/embed/us-senate/?theme={asked}").html.get("data-theme") == theme


def test_a_contests_page_offers_the_snippet_and_its_discovery(client, election):
    page = soup(client, "/contests/us-senate/")
    assert 'src="http://testserver/embed/us-senate/"' in page.select_one(".embed-code").get_text()
    address = page.find("link", type="application/json+oembed")["href"]
    told = client.get(address).json()
    assert (told["type"], told["version"]) == ("rich", "1.0")
    assert "<iframe" in told["html"]


@pytest.mark.parametrize(
    "url", ["", "http://testserver/counties/", "http://testserver/contests/x/"]
)
def test_oembed_knows_no_other_address(client, election, url):
    assert client.get("/oembed", {"url": url}).status_code == 404


def test_oembed_speaks_json_alone(client, election):
    asked = {"url": "http://testserver/contests/us-senate/", "format": "xml"}
    assert client.get("/oembed", asked).status_code == 501


# Elections kept --------------------------------------------------------------------------------


def test_every_election_is_listed_with_the_current_one_marked(client, election):
    page = soup(client, "/elections/")
    assert page.select_one(".elections a")["href"] == KEPT
    assert "the current one" in page.get_text()


@pytest.mark.parametrize(
    ("minutes", "votes"), [("?m=10", "–"), ("?m=35", "100"), ("?m=95", "300"), ("", "300")]
)
def test_a_kept_page_stands_as_it_stood_at_its_moment(client, election, minutes, votes):
    for path in ("", "contests/us-senate/"):
        card = soup(client, f"{KEPT}{path}{minutes}").select_one("#card-us-senate")
        assert card.select_one(".votes").get_text() == votes


def test_a_kept_county_and_the_list_stand_as_they_stood(client, election):
    lake = soup(client, f"{KEPT}counties/lake/?m=35").select_one("#in-lake--us-senate")
    assert lake.select_one(".votes").get_text() == "100"
    row = soup(client, f"{KEPT}counties/?m=10").select_one("#county-lake").find_parent("tr")
    assert "Not yet received" in row.get_text()
    line = soup(client, f"{KEPT}contests/?m=35").select_one("#item-us-senate")
    assert line.select_one(".percent").get_text() == "52.6%"


def test_links_of_a_kept_page_stay_at_its_moment(client, election):
    page = soup(client, f"{KEPT}?m=35")
    assert page.select_one("#link-us-senate")["href"] == f"{KEPT}contests/us-senate/?m=35"
    page = soup(client, f"{KEPT}contests/us-senate/?m=35")
    assert page.select_one("#map-17")["href"] == f"{KEPT}counties/lake/?m=35"


def test_the_slider_ends_with_the_nights_last_report(client, election):
    slider = soup(client, f"{KEPT}?m=35").select_one(".slider input")
    assert (slider["min"], slider["max"], slider["value"]) == ("0", "95", "35")


@pytest.mark.parametrize("asked", ["?m=-5", "?m=x", "?m=99999999999"])
def test_a_moment_that_there_is_not_is_the_last_one(client, election, asked):
    card = soup(client, f"{KEPT}{asked}").select_one("#card-us-senate")
    assert card.select_one(".votes").get_text() == "300"


def test_an_unknown_election_is_not_found_in_words(client, election):
    response = client.get("/elections/1850/")
    assert response.status_code == 404
    assert "No election “1850” is kept" in response.content.decode()


def test_an_election_stays_when_another_is_the_current_one(client, election):
    Election.objects.update(is_current=False)
    card = soup(client, KEPT).select_one("#card-us-senate")
    assert card.select_one(".votes").get_text() == "300"


# Search engines ----------------------------------------------------------------------------------


def test_the_sitemap_has_every_page_in_both_languages(client, election):
    text = client.get("/sitemap.xml").content.decode()
    for path in ("/", "/es/", "/contests/us-senate/", "/es/counties/lake/", KEPT, "/about/"):
        assert f"<loc>http://testserver{path}</loc>" in text


def test_robots_are_shown_the_sitemap_and_kept_from_admin(client, db):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_the_front_page_tells_search_engines_how_to_search(client, election):
    data = json.loads(soup(client, "/").find("script", type="application/ld+json").string)
    assert data["potentialAction"]["target"] == "http://testserver/contests/?q={search_term}"


# Figures that stand still ------------------------------------------------------------------------


def check(at: datetime) -> None:
    feed_state.note_check(feed_state.LastCheck(datetime.now(UTC), at))
    pages.forget_state()


def quiet_banner(client):
    return soup(client, "/").select_one("#quiet-banner")


def test_figures_that_stand_still_for_too_long_are_told_apart_from_a_late_feed(client, election):
    check(datetime(2024, 3, 6, 8, 1, tzinfo=UTC))
    assert not quiet_banner(client).has_attr("hidden")
    assert soup(client, "/").select_one("#late-banner").has_attr("hidden")
    path = soup(client, "/").select_one("#poller")["hx-get"]
    assert client.get(path)["X-Feed-Quiet"] == "1"


def test_within_the_counties_two_hours_nothing_is_overdue(client, election):
    check(datetime(2024, 3, 6, 7, 30, tzinfo=UTC))
    assert quiet_banner(client).has_attr("hidden")


def test_days_after_the_night_nothing_is_overdue(client, election):
    check(datetime(2024, 3, 9, 7, 30, tzinfo=UTC))
    assert quiet_banner(client).has_attr("hidden")


def test_once_all_precincts_are_in_nothing_is_overdue(client, election, take_up):
    votes = {"Schiff": 400, "Garvey": 90}
    whole = statewide(votes, at="March 5, 2024, 9:40 p.m.", precincts=(100, 100))
    take_up(election, {SENATE: [whole]}, datetime(2024, 3, 6, 5, 41, tzinfo=UTC))
    publish(election)
    check(datetime(2024, 3, 6, 10, 0, tzinfo=UTC))
    assert quiet_banner(client).has_attr("hidden")


def test_a_lost_store_forgets_nothing_that_matters(client, election):
    live.forget(election.pk)
    pages.forget_state()
    assert quiet_banner(client).has_attr("hidden")
