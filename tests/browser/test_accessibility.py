"""What axe finds on the pages, in both themes and languages: nothing. And they fit every screen."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard import pages, publishing
from results.boards import make_first_boards
from results.contest_list import load_contest_list, read_contest_list
from results.ingest import FetchedBody, ingest
from results.models import Contest
from results.unprocessed import read_estimates, take_up_estimates
from tests.bodies import LATER, body, element, in_county, measures, statewide
from tests.results.conftest import AN_HOUR_IN

SENATE = "us-senate/county/all"
LONG = "Maximiliana Bartholomea de la Santísima Trinidad-Featherstone"
HOUSE = "U.S. House of Representatives District 4 - {} Results"


@pytest.fixture
def site(transactional_db, start_site) -> str:
    """An election of extremes: 61 candidates, the longest names, ties, a recall, and nothing."""
    lists = (
        *(SENATE, "ballot-measures", "governor"),
        *("us-rep/district/4/county/lake", "us-rep/district/5"),
    )
    text = "".join(f"x,https://x.example/returns/{path}\n" for path in lists)
    election = load_contest_list(
        read_contest_list(text), day=date(2024, 3, 5), kind="presidential_primary"
    )
    many = {LONG: 900_000, **{f"Candidate {n}": 500 - n for n in range(60)}}
    replacements = {f"Replacement {n}": 90_000 // n for n in range(1, 13)}
    level = {"Ann Lee": 50, "Bo Roe": 25, "Cy Poe": 25}
    for at, more in (("March 5, 2024, 8:30 p.m.", 0), (LATER, 1_000)):
        votes = {name: count + more for name, count in many.items()}
        whole = statewide(votes, at=at)
        values = {
            SENATE: [whole, in_county("Lake", votes, at=at), in_county("Napa", level | votes)],
            "ballot-measures": measures(
                "Ballot Measures - Statewide Results", {"1": (50, 50), "2": (4_206_284, 7_944_092)}
            ),
            "governor": element("Governor - Statewide Results", replacements, at=at),
            "us-rep/district/4/county/lake": [
                element(HOUSE.format("Lake County"), level, at=at, precincts=(4, 4)),
                element(HOUSE.format("Districtwide"), level, at=at, precincts=(4, 4)),
            ],
        }
        ingest(election, [FetchedBody(path, body(v), AN_HOUR_IN) for path, v in values.items()])
    take_up_estimates(
        election, read_estimates("county,other\nLake,4000\n"), date(2024, 3, 7), "https://x.example"
    )
    name_recall(election)
    make_first_boards()
    publishing.publish_election_choice()
    publishing.publish(election)
    pages.forget_state()
    return start_site()


def name_recall(election) -> None:
    """A recall as editors set it up: a question of yes and no, and who comes after."""
    question = Contest.objects.get(election=election, measure="2")
    question.display_title = "Shall the Governor be recalled?"
    question.save()
    replacement = Contest.objects.get(election=election, office="governor")
    replacement.rule = Contest.Rule.PLURALITY
    replacement.display_title = "Governor, if the recall passes"
    replacement.save()


KEPT = "/elections/2024-03-05-presidential-primary/"
PATHS = (
    "/",
    "/es/",
    "/contests/",
    "/es/contests/?q=lee",
    "/contests/us-senate/",
    "/contests/us-rep-district-4/",
    "/contests/us-rep-district-5/",
    "/contests/governor/",
    "/es/contests/ballot-measures-prop-1/",
    "/counties/",
    "/es/counties/lake/",
    "/my/",
    "/es/my/?county=lake&us-rep=4",
    "/embed/us-senate/",
    "/elections/",
    KEPT,
    f"/es{KEPT}contests/us-senate/?m=35",
    f"{KEPT}contests/",
    f"{KEPT}counties/?m=5",
    f"{KEPT}counties/lake/",
    "/api/",
    "/board/newsroom/",
    "/board/sala/",
    "/about/",
    "/es/about/",
    "/no-such-page/",
)


VIOLATIONS = {"resultTypes": ["violations"]}
"""Only these are told in full, which takes a fraction of the time."""


def test_axe_finds_no_violation_on_any_page_in_either_theme(new_page, site):
    page = new_page(reduced_motion="reduce")
    for path in PATHS:
        page.emulate_media(color_scheme="light")
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found = Axe().run(page, options=VIOLATIONS)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        # Of what axe looks at, colors alone differ between the themes.
        page.emulate_media(color_scheme="dark")
        found = Axe().run(page, options={**VIOLATIONS, "runOnly": ["cat.color"]})
        assert found.violations_count == 0, f"{path} in the dark: {found.generate_report()}"


def test_no_page_scrolls_sideways_from_a_small_phone_to_a_wall(new_page, site):
    page = new_page()
    for path in PATHS:
        page.goto(site + path)
        for width in (320, 768, 1440, 3840):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_no_page_asks_another_host_for_anything(new_page, site):
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PATHS:
        page.goto(site + path)
    assert [url for url in asked if not url.startswith((site, "data:"))] == []


def test_every_page_says_the_same_without_scripts(new_page, site):
    with_scripts = new_page()
    without = new_page(java_script_enabled=False)
    for path in ("/", "/contests/?q=lee", "/contests/us-senate/", "/counties/", "/my/?county=lake"):
        figures = []
        for page in (with_scripts, without):
            page.goto(site + path)
            figures.append(page.locator("[data-key]").all_inner_texts())
        assert figures[0] == figures[1], path


def test_the_keyboard_alone_reaches_every_county_of_the_map(page, site):
    page.goto(f"{site}/contests/us-senate/")
    page.locator("#map-lead").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#map-report")).to_be_checked()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "map-1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/counties/alameda/")


def test_the_first_stop_of_the_keyboard_leads_to_the_results(page, site):
    page.goto(site)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
