"""What scripts add for a reader: sorted tables, a remembered choice, a list found as one types."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import KEPT, site  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("site")


def counties(page: Page) -> list[str]:
    return page.locator(".areas tbody th").all_inner_texts()


def test_a_column_sorts_by_its_figures_and_what_is_unknown_comes_last(page, site):  # noqa: F811
    page.goto(f"{site}/contests/us-senate/")
    assert counties(page)[:2] == ["Alameda", "Alpine"]
    page.get_by_role("button", name="Votes", exact=True).click()
    assert set(counties(page)[:2]) == {"Lake", "Napa"}
    head = page.locator(".areas th", has_text=re.compile("^Votes$"))
    expect(head).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="County", exact=True).click()
    page.get_by_role("button", name="County", exact=True).click()
    assert counties(page)[0] == "Yuba"


def test_a_list_is_found_as_one_types_and_the_address_says_so(page, site):  # noqa: F811
    page.goto(f"{site}/contests/")
    expect(page.locator(".found-count")).to_contain_text("contests")
    page.locator("#q").press_sequentially("district 4", delay=10)
    expect(page.locator(".line")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/contests/\?q=district(%20|\+)4$"))
    assert page.evaluate("document.activeElement.id") == "q"
    page.reload()
    expect(page.locator(".line")).to_have_count(1)


def test_a_readers_races_are_remembered_until_forgotten(page, site):  # noqa: F811
    page.goto(f"{site}/my/")
    page.get_by_label("U.S. House").select_option("4")
    page.get_by_label("Lake County").check()
    page.get_by_role("button", name="Show my races").click()
    expect(page.locator("#card-us-rep-district-4")).to_be_visible()
    page.goto(f"{site}/my/")
    expect(page.locator("#card-us-rep-district-4")).to_be_visible()
    page.locator("#my-forget").click()
    expect(page.locator("#my-choice")).to_have_attribute("open", "")
    page.goto(f"{site}/my/")
    expect(page.locator(".card")).to_have_count(0)


def test_the_language_a_reader_chose_is_remembered(new_page, site):  # noqa: F811
    page = new_page()
    page.goto(site)
    page.get_by_role("link", name="español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.goto("about:blank")
    page.goto(f"{site}/counties/")
    expect(page).to_have_url(f"{site}/es/counties/")


def test_the_slider_shows_the_page_as_it_stood(page, site):  # noqa: F811
    page.goto(f"{site}{KEPT}contests/us-senate/")
    slider = page.locator("#m")
    slider.focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("m=0"))
    expect(page.locator("#card-us-senate")).to_contain_text("Not yet received")


def test_an_embed_tells_the_page_around_how_high_it_is(new_page, site):  # noqa: F811
    page = new_page(viewport={"width": 420, "height": 100})
    page.goto(f"{site}/embed/us-senate/")
    told = page.evaluate(
        """() => new Promise((done) => {
            window.addEventListener("message", (e) => done(e.data.liveReturnsHeight));
            document.body.style.paddingBottom = "10px";
        })"""
    )
    assert told == page.evaluate("document.documentElement.offsetHeight")
