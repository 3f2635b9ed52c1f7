"""A reader's page while a real worker reads a real feed: nothing is reloaded, nothing jumps."""

import pytest
from playwright.sync_api import Page, expect

from results.contest_list import load_contest_list, read_contest_list
from tests.bodies import LATER, body, element, in_county, statewide
from tests.feed_server import FeedServer

ALL = "us-senate/county/all"
HOUSE = "us-rep/district/all"
HOUSE_TITLE = "U.S. House of Representatives District {} - Districtwide Results"
SLOW = 15_000
"""Milliseconds that a change may take on a machine that does a dozen other things."""


def senate(first: int, at: str = "March 5, 2024, 9:00 p.m.") -> bytes:
    votes = {"Schiff": first, "Garvey": 900, "Porter": 400, "Lee": 300, "Early": 20, "Reiss": 5}
    return body([statewide(votes, at=at), in_county("Lake", {"Schiff": 9, "Garvey": 3}, at=at)])


def house(votes: int = 10) -> bytes:
    districts = [element(HOUSE_TITLE.format(n), {"A": votes, "B": 2, "C": 1}) for n in range(1, 53)]
    return body(districts)


@pytest.fixture
def feed():
    server = FeedServer()
    server.serve(ALL, senate(1_000))
    server.serve(HOUSE, house())
    yield server
    server.stop()


@pytest.fixture
def site(feed, transactional_db, celery_worker_process, start_site) -> str:
    from datetime import date

    text = f"x,https://x.example/returns/{ALL}\nx,https://x.example/returns/{HOUSE}\n"
    load_contest_list(read_contest_list(text), day=date(2024, 3, 5), kind="presidential_primary")
    address = start_site(LIVE_POLL_SECONDS="1")
    celery_worker_process(FEED_URL=feed.url, POLL_SECONDS="1")
    return address


def card(page: Page, slug: str = "us-senate"):
    return page.locator(f"#card-{slug}")


def test_a_card_changes_on_the_screen_without_a_reload_while_the_page_is_read(page, site, feed):
    loads: list[str] = []
    page.on("load", lambda: loads.append(page.url))
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: errors.append(str(fault)))
    page.goto(site)
    expect(card(page)).to_contain_text("1,000", timeout=SLOW)
    expect(card(page, "us-rep-district-52")).to_contain_text("10", timeout=SLOW)
    loads.clear()

    page.locator("#more-us-senate summary").click()
    page.locator("#link-us-senate").focus()
    page.evaluate("window.scrollTo(0, 600)")
    page.evaluate("document.querySelector('#card-us-rep-district-7').wasHere = true")
    before = page.evaluate("window.scrollY")
    feed.serve(ALL, senate(1_500, at=LATER))

    expect(card(page)).to_contain_text("1,500", timeout=SLOW)
    expect(card(page)).to_contain_text("+500 votes at 9:30")
    expect(card(page).locator(".changed").first).to_be_attached()
    expect(page.locator("#announcer")).to_have_text("Updated: U.S. Senate, full term")
    assert page.locator("#more-us-senate").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.id") == "link-us-senate"
    assert page.evaluate("window.scrollY") == before
    # A card of which nothing changed is still the very same element.
    assert page.evaluate("document.querySelector('#card-us-rep-district-7').wasHere")
    assert loads == []
    assert errors == []


def test_nothing_moves_when_figures_change(page, site, feed):
    page.goto(site)
    expect(card(page)).to_contain_text("1,000", timeout=SLOW)
    expect(card(page, "us-rep-district-52")).to_contain_text("10", timeout=SLOW)
    page.evaluate(
        """() => {
            window.moved = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.moved += entry.value;
            }).observe({type: "layout-shift"});
        }"""
    )
    feed.serve(ALL, senate(700, at=LATER))
    feed.serve(HOUSE, house(30))
    expect(card(page)).to_contain_text("Corrected downward", timeout=SLOW)
    expect(card(page, "us-rep-district-52")).to_contain_text("30")
    assert page.evaluate("window.moved") == 0


def test_a_contests_page_keeps_its_table_current(page, site, feed):
    page.goto(site)
    expect(card(page)).to_contain_text("1,000", timeout=SLOW)
    page.locator("#link-us-senate").click()
    lake = page.locator("#contest-us-senate tr", has_text="Lake")
    expect(lake).to_contain_text("75.0%")
    feed.serve(
        ALL,
        body(
            [
                statewide({"Schiff": 2, "Garvey": 1}, at=LATER),
                in_county("Lake", {"Schiff": 50, "Garvey": 50}, at=LATER),
            ]
        ),
    )
    expect(lake).to_contain_text("50.0%", timeout=SLOW)


def test_a_lost_connection_is_said_and_heals_by_itself(page, site, feed):
    page.goto(site)
    expect(card(page)).to_contain_text("1,000", timeout=SLOW)
    page.route("**/live/**", lambda route: route.abort())
    expect(page.locator("#freshness")).to_contain_text("Connection lost", timeout=SLOW)
    page.unroute("**/live/**")
    feed.serve(ALL, senate(1_500, at=LATER))
    expect(card(page)).to_contain_text("1,500", timeout=40_000)
    expect(page.locator("#freshness")).to_contain_text("Feed checked")


def test_without_scripts_a_reload_shows_the_same(new_page, site, feed):
    live, plain = new_page(), new_page(java_script_enabled=False)
    live.goto(site)
    expect(card(live)).to_contain_text("1,000", timeout=SLOW)
    feed.serve(ALL, senate(1_500, at=LATER))
    expect(card(live)).to_contain_text("1,500", timeout=SLOW)
    plain.goto(site)
    assert card(plain).inner_text() == card(live).inner_text()
