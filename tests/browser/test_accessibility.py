"""What axe finds on the pages, in both themes and languages: nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from dashboard import pages, publishing
from results.contest_list import load_contest_list, read_contest_list
from results.ingest import FetchedBody, ingest
from tests.bodies import body, in_county, measures, statewide
from tests.results.conftest import AN_HOUR_IN


@pytest.fixture
def site(transactional_db, start_site) -> str:
    from datetime import date

    paths = ("us-senate/county/all", "ballot-measures")
    text = "".join(f"x,https://x.example/returns/{path}\n" for path in paths)
    election = load_contest_list(
        read_contest_list(text), day=date(2024, 3, 5), kind="presidential_primary"
    )
    votes = {f"Candidate {n}": 500 - n for n in range(8)}
    values = {
        paths[0]: [statewide(votes), in_county("Lake", votes)],
        paths[1]: measures("Ballot Measures - Statewide Results", {"1": (40, 60)}),
    }
    ingest(election, [FetchedBody(path, body(v), AN_HOUR_IN) for path, v in values.items()])
    publishing.publish_election_choice()
    publishing.publish(election)
    pages.forget_state()
    return start_site()


PATHS = ("/", "/es/", "/contests/us-senate/", "/es/contests/ballot-measures-prop-1/", "/api/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_any_page(new_page, site, scheme):
    page = new_page(color_scheme=scheme)
    for path in PATHS:
        page.goto(site + path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_no_page_scrolls_sideways_from_a_small_phone_to_a_wall(new_page, site):
    for width in (320, 768, 1440, 3840):
        page = new_page(viewport={"width": width, "height": 900})
        for path in PATHS:
            page.goto(site + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
