"""The wall board in a real browser: it fits, it turns, it obeys, and it outlives its server."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dashboard import pages, publishing
from results import boards, feed_state
from results.boards import make_first_boards
from results.contest_list import load_contest_list, read_contest_list
from results.ingest import FetchedBody, ingest
from results.models import Board, BoardPage, Contest
from tests.bodies import LATER, body, element, in_county, measures, statewide
from tests.results.conftest import AN_HOUR_IN

SENATE = "us-senate/county/all"
HOUSE = "us-rep/district/all"
HOUSE_TITLE = "U.S. House of Representatives District {} - Districtwide Results"
LONG = "Maximiliana Bartholomea de la Santísima Trinidad-Featherstone"
SCREENS = ((1280, 720), (1920, 1080), (3840, 2160), (1080, 1920), (3440, 1440))
SMALLEST_LETTER = 0.0175
"""Share of the screen's shorter side, as board.js has it."""

SLOW = 20_000
"""Milliseconds that a change may take on a machine that does a dozen other things."""

FAULTS = """(share) => {
  const least = share * Math.min(innerWidth, innerHeight) - 0.1;
  const page = document.querySelector(".board-page.is-shown");
  const faults = [];
  if (document.documentElement.scrollHeight > innerHeight) faults.push("scrolls");
  if (document.documentElement.scrollWidth > innerWidth) faults.push("scrolls sideways");
  for (const part of document.querySelectorAll(".board-head, .board-foot")) {
    const room = part.getBoundingClientRect();
    for (const one of part.querySelectorAll("h1, p, div, span")) {
      const box = one.getBoundingClientRect();
      if (!box.width || !box.height || getComputedStyle(one).position === "absolute") continue;
      if (box.top < room.top - 1 || box.bottom > room.bottom + 1)
        faults.push(`${one.className}: ${one.textContent.trim().slice(0, 30)} leaves its bar`);
    }
  }
  for (const tile of page.querySelectorAll(".tile:not([hidden])")) {
    const text = tile.querySelector(".tile-text");
    for (const box of [tile, text])
      if (box.scrollHeight > box.clientHeight + 1) faults.push(`${tile.ariaLabel} is cut`);
    for (const one of tile.querySelectorAll("*")) {
      const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      if (!own || one.closest("svg")) continue;
      if (parseFloat(getComputedStyle(one).fontSize) < least) faults.push(`${one.className} small`);
      const cut = one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0;
      if (cut) faults.push(`${one.className}: ${one.textContent.trim().slice(0, 30)}`);
    }
  }
  return faults;
}"""


def house(votes: int) -> list[dict]:
    return [
        element(
            HOUSE_TITLE.format(n), {LONG: 100 + n, "B": votes, "C": 59, "D": 9}, precincts=(50, 100)
        )
        for n in range(1, 14)
    ]


@pytest.fixture
def election(transactional_db):
    text = "".join(
        f"x,https://x.example/returns/{path}\n" for path in (SENATE, HOUSE, "ballot-measures")
    )
    found = load_contest_list(
        read_contest_list(text), day=date(2024, 3, 5), kind="presidential_primary"
    )
    many = {LONG: 3_900_000, **{f"Candidate {n}": 500_000 - n for n in range(1, 20)}}
    yes_no = {str(n): (50_000 + n, 50_000) for n in range(1, 13)}
    values = {
        SENATE: [statewide(many, precincts=(99, 100)), in_county("Lake", many)],
        HOUSE: house(60),
        "ballot-measures": measures("Ballot Measures - Statewide Results", yes_no),
    }
    ingest(found, [FetchedBody(path, body(v), AN_HOUR_IN) for path, v in values.items()])
    make_first_boards()
    publishing.publish_election_choice()
    publishing.publish(found)
    pages.forget_state()
    return found


@pytest.fixture
def site(election, start_site) -> str:
    return start_site(LIVE_POLL_SECONDS="0.3")


def shown(page: Page):
    return page.locator(".board-page.is-shown")


def put_up(page: Page, one: BoardPage) -> None:
    boards.put_up(one.board, one, hold=True)
    expect(shown(page)).to_have_attribute("data-page", str(one.pk), timeout=SLOW)


def faults_of(page: Page) -> list[str]:
    """What is cut or too small once the page has been fitted to a new size."""
    for _ in range(30):
        faults = page.evaluate(FAULTS, SMALLEST_LETTER)
        if not faults:
            break
        page.wait_for_timeout(100)
    return faults


def test_every_layout_fits_every_screen_in_letters_that_can_be_read(new_page, site):
    board = Board.objects.create(slug="all", title="All layouts")
    layouts = BoardPage.Layout
    made = [
        BoardPage.objects.create(
            board=board,
            order=place,
            layout=layout,
            source="us-house" if layout == layouts.RACES_9 else "featured",
        )
        for place, layout in enumerate(layouts.values)
    ]
    page = new_page(reduced_motion="reduce")
    page.goto(f"{site}/board/all/")
    for one in made:
        put_up(page, one)
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            expect(shown(page)).to_have_count(1)
            assert faults_of(page) == [], (one.layout, width, height)


@pytest.mark.parametrize("state", ["checked", "late", "lost"])
def test_the_longer_words_of_spanish_stay_in_their_bars(new_page, start_site, election, state):
    checked_at = timezone.now() - timedelta(minutes=25 if state == "late" else 0)
    feed_state.note_check(feed_state.LastCheck(checked_at))
    site = start_site(SITE_NOTICE="Ensayo general", LIVE_POLL_SECONDS="0.3")
    page = new_page(reduced_motion="reduce")
    page.goto(f"{site}/board/sala/")
    page.keyboard.press(" ")
    if state != "checked":
        page.context.set_offline(state == "lost")
        expect(page.locator("body")).to_have_class(re.compile(f"is-{state}"), timeout=SLOW)
    for width, height in (*SCREENS, (1000, 1000)):
        page.set_viewport_size({"width": width, "height": height})
        assert [one for one in faults_of(page) if "leaves its bar" in one] == [], (width, height)


def test_a_layout_that_does_not_fit_is_divided(new_page, site):
    page = new_page(viewport={"width": 1920, "height": 1080})
    page.goto(f"{site}/board/districts/")
    put_up(page, BoardPage.objects.get(board__slug="districts", source="us-house"))
    parts = page.locator("#place").inner_text().rsplit("/", 1)[1]
    # Thirteen districts at nine a screen, and the balance before them.
    assert int(parts) == 3
    page.set_viewport_size({"width": 800, "height": 800})
    expect(page.locator("#place")).to_have_text(re.compile(r"/ [4-9]$"))


def test_the_keys_turn_pause_and_pin(new_page, site):
    page = new_page()
    page.goto(f"{site}/board/newsroom/")
    page.keyboard.press(" ")
    place = page.locator("#place")
    expect(place).to_contain_text("Paused")
    before = place.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(place).not_to_have_text(before)
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text(before)
    page.keyboard.press("p")
    expect(page.locator("#place")).to_contain_text("Pinned")


def test_two_screens_of_one_board_show_the_same_page(new_page, site):
    Board.objects.filter(slug="newsroom").update(seconds=4)
    boards.release(Board.objects.get(slug="newsroom"))
    screens = [new_page(), new_page()]
    for page in screens:
        page.goto(f"{site}/board/newsroom/")
    places = [page.locator("#place") for page in screens]
    first = places[0].inner_text()
    for place in places:
        expect(place).not_to_have_text(first, timeout=10_000)
    same = 0
    for _ in range(20):
        now = [place.inner_text() for place in places]
        same += now[0] == now[1]
        screens[0].wait_for_timeout(100)
    # In the moment of turning the two are not asked at the same time.
    assert same >= 14


def test_a_producer_makes_a_board_and_it_shows(new_page, election, start_site, django_user_model):
    site = start_site(own=True, LIVE_POLL_SECONDS="0.3")
    django_user_model.objects.create_superuser("producer", password="long enough 1")
    page = new_page()
    page.goto(f"{site}/admin/results/board/add/")
    page.locator("#id_username").fill("producer")
    page.locator("#id_password").fill("long enough 1")
    page.get_by_role("button", name="Log in").click()
    page.locator("#id_title").press_sequentially("Studio 4")
    expect(page.locator("#id_slug")).to_have_value("studio-4")
    page.locator(".add-row a").click()
    page.locator("#id_pages-0-layout").select_option("races-9")
    page.locator("#id_pages-0-source").select_option("us-house")
    page.locator("#id_pages-0-heading").fill("The House tonight")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("row", name="Studio 4").get_by_role("link", name="Open").click()
    expect(page.locator("#board-heading")).to_have_text("The House tonight")
    first = shown(page).locator(".tile:not([hidden]) .tile-title").first
    expect(first).to_contain_text("U.S. House, District")


def test_a_breaking_line_and_a_changed_figure_come_without_a_reload(new_page, site, election):
    page = new_page()
    loads: list[str] = []
    page.on("load", lambda: loads.append(page.url))
    page.goto(f"{site}/board/districts/")
    put_up(page, BoardPage.objects.get(board__slug="districts", source="us-house"))
    loads.clear()
    boards.break_in(Board.objects.get(slug="districts"), "AP calls District 7")
    expect(page.locator(".board-breaking.is-up")).to_contain_text("AP calls District 7")
    districts = house(90)
    for one in districts:
        one["ReportingTime"] = LATER
    ingest(election, [FetchedBody(HOUSE, body(districts), AN_HOUR_IN)])
    publishing.publish(election, Contest.objects.values_list("pk", flat=True))
    changed = shown(page).locator(".tile:not([hidden]) .changed")
    expect(changed.first).to_have_text("90", timeout=10_000)
    expect(shown(page)).to_have_count(1)
    assert loads == []


def test_a_lost_server_strands_nothing_and_is_found_again(new_page, site, processes):
    page = new_page()
    loads: list[str] = []
    page.goto(f"{site}/board/newsroom/")
    page.on("load", lambda: loads.append(page.url))
    page.context.set_offline(True)
    expect(page.locator("#freshness")).to_contain_text("Connection lost", timeout=15_000)
    expect(page.locator("body")).to_have_class(re.compile("is-lost"))
    page.keyboard.press("ArrowRight")
    expect(shown(page).locator(".tile:not([hidden]) .tile-title").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("body")).not_to_have_class(re.compile("is-lost"), timeout=45_000)
    assert loads == []


def test_an_ordered_reload_happens_once(new_page, site):
    page = new_page()
    loads: list[str] = []
    page.goto(f"{site}/board/newsroom/")
    page.on("load", lambda: loads.append(page.url))
    with page.expect_navigation(timeout=15_000):
        boards.order_reload([Board.objects.get(slug="newsroom")])
    page.wait_for_timeout(2_000)
    assert len(loads) == 1


def test_a_new_release_loads_each_screen_anew_once(new_page, site):
    page = new_page()

    def older(route) -> None:
        answer = route.fetch()
        text = re.sub(r'data-release="\w+"', 'data-release="000000000000"', answer.text())
        route.fulfill(response=answer, body=text)

    loads: list[str] = []
    page.route("**/board/newsroom/", older, times=1)
    page.on("load", lambda: loads.append(page.url))
    page.goto(f"{site}/board/newsroom/")
    expect(page.locator("body")).not_to_have_attribute("data-release", "0" * 12, timeout=15_000)
    page.wait_for_timeout(2_000)
    assert len(loads) == 2


def test_hours_of_changes_leave_no_more_elements_than_there_were(new_page, site, election):
    page = new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: errors.append(str(fault)))
    page.goto(f"{site}/board/newsroom/")
    cdp = page.context.new_cdp_session(page)

    def elements() -> tuple[int, int]:
        cdp.send("HeapProfiler.collectGarbage")
        counters = cdp.send("Memory.getDOMCounters")
        return counters["nodes"], counters["jsEventListeners"]

    swap = """(turns) => {
      for (let n = 0; n < turns; n += 1)
        for (const page of document.querySelectorAll("#stage > section"))
          htmx.swap(page, page.outerHTML.replace(/ style="[^"]*"/g, "")
            .replace("data-live", `data-live hx-swap-oob="true"`),
            {swapStyle: "none"});
    }"""
    counted = []
    for _ in range(4):
        page.evaluate(swap, 20)
        page.wait_for_timeout(500)
        counted.append(elements())
    # Only the first may still be filling what is kept for good.
    assert counted[-1][0] <= counted[1][0] * 1.05, counted
    assert counted[-1][1] <= counted[1][1] + 15, counted
    assert errors == []
