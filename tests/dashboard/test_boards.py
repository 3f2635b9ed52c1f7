"""Wall boards: what their pages show, and what producers order from their screens."""

from datetime import timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from dashboard import live, pages, publishing
from dashboard.board_pages import board_page, race
from results import boards
from results.boards import make_first_boards
from results.calls import make_call
from results.models import Board, BoardPage, Contest, RaceCall
from results.redis_store import redis_store
from results.selectors import contest_returns
from tests.bodies import LATER, element, in_county, measures, statewide

SENATE = "us-senate/county/all"
HOUSE = "us-rep/district/all"
HOUSE_TITLE = "U.S. House of Representatives District {} - Districtwide Results"
Layout, Source = BoardPage.Layout, BoardPage.Source
MANY = {f"Candidate {n}": 1000 - 10 * n for n in range(20)}


@pytest.fixture
def election(make_election, take_up):
    found = make_election(SENATE, HOUSE, "ballot-measures")
    districts = [
        element(HOUSE_TITLE.format(n), {"A": 100 + n, "B": 60, "C": 59}, precincts=(50, 100))
        for n in range(1, 12)
    ]
    take_up(
        found,
        {
            SENATE: [statewide(MANY, precincts=(50, 100)), in_county("Lake", MANY)],
            HOUSE: districts,
            "ballot-measures": measures(
                "Ballot Measures - Statewide Results", {"1": (60, 40)}, precincts=(50, 100)
            ),
        },
    )
    return found


@pytest.fixture
def published(election, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_first_boards()
    publishing.publish_election_choice()
    publishing.publish(election)
    pages.forget_state()
    return election


@pytest.fixture
def board(db) -> Board:
    return Board.objects.create(slug="wall", title="Wall")


@pytest.fixture
def producer(db):
    return get_user_model().objects.create_superuser("producer", password="x")


def shown(board: Board, election, layout: str, source: str = Source.FEATURED, **more):
    page = BoardPage.objects.create(board=board, layout=layout, source=source, **more)
    contests = contest_returns(election)
    counties = {one.contest.pk: one for one in contest_returns(election, areas=True)}
    return board_page(board, page, contests, counties)


def soup(client, slug: str = "newsroom") -> BeautifulSoup:
    return BeautifulSoup(client.get(f"/board/{slug}/").content.decode(), "html.parser")


# What pages show ----------------------------------------------------------------------------


def test_the_first_candidates_are_listed_and_the_others_summed_up(board, election):
    (race,) = shown(board, election, Layout.RACES_4).races
    assert [row.name for row in race.rows] == [f"Candidate {n}" for n in range(4)]
    assert race.others == "16 others"
    listed = sum(row.votes for row in race.rows)
    total = sum(MANY.values())
    assert race.others_percent == f"{100 * (total - listed) / total:.1f}%"


def test_one_who_is_left_out_alone_is_named(board, election):
    race = shown(board, election, Layout.RACES_9, Source.US_HOUSE).races[0]
    assert race.others == "C"


def test_a_called_winner_is_listed_wherever_the_count_has_them(board, election, producer):
    senate = Contest.objects.get(slug="us-senate")
    winners = senate.candidates.filter(name__in=["Candidate 0", "Candidate 9"])
    make_call(senate, RaceCall.Status.CALLED, list(winners), producer, source="AP")
    (race,) = shown(board, election, Layout.RACES_4).races
    assert [row.name for row in race.rows if row.is_called] == ["Candidate 0", "Candidate 9"]
    assert race.state == "Called (AP)"


def test_featured_races_take_the_place_of_the_first_offices(board, election):
    Contest.objects.filter(slug="us-rep-district-3").update(is_featured=True)
    assert [race.slug for race in shown(board, election, Layout.RACE).races] == [
        "us-rep-district-3"
    ]


def test_chosen_races_are_shown_in_the_ballot_s_order(board, election):
    page = BoardPage.objects.create(board=board, layout=Layout.RACES_2, source=Source.CHOSEN)
    page.contests.set(Contest.objects.filter(slug__in=["us-rep-district-9", "us-rep-district-2"]))
    found = board_page(board, page, contest_returns(election), {})
    assert [race.slug for race in found.races] == ["us-rep-district-2", "us-rep-district-9"]


def test_a_measure_says_by_how_much_it_leads(board, election):
    (race,) = shown(board, election, Layout.MEASURES).races
    assert race.is_yes_no
    assert race.state == "Yes leads by 20 votes"


def test_the_map_has_the_counties_of_a_race(board, election):
    (race,) = shown(board, election, Layout.MAP).races
    assert race.map is not None
    assert len(race.map.counties) == 58


def test_a_race_without_counties_has_no_map_and_no_place_on_that_page(board, election):
    assert shown(board, election, Layout.MAP, Source.US_HOUSE).races == ()


def test_the_closest_contests_stand_first(board, election):
    closest = shown(board, election, Layout.CLOSEST).lines
    assert closest
    assert all("between second and third" in line.detail for line in closest)


def test_the_balance_has_a_part_for_each_chamber_on_the_ballot(board, election):
    assert [one.name for one in shown(board, election, Layout.CHAMBERS).chambers] == ["U.S. House"]


@pytest.mark.parametrize("layout", Layout.values)
def test_every_layout_says_what_room_it_needs(board, election, layout):
    found = shown(board, election, layout)
    assert found.heading
    for size in found.sizes.split():
        width, height = (float(number) for number in size.split("x"))
        assert width >= 20
        assert height > 2


# The page -----------------------------------------------------------------------------------


def test_a_newsroom_begins_with_boards(client, published):
    assert {board.slug for board in Board.objects.all()} == {"newsroom", "districts", "sala"}
    page = soup(client)
    assert len(page.select(".board-page")) == 9
    assert "Candidate 0" in page.select_one("#stage").text
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_boards_that_a_newsroom_made_are_left_alone(board):
    assert make_first_boards() == []
    assert Board.objects.count() == 1


def test_a_board_speaks_its_own_language(client, published):
    page = soup(client, "sala")
    assert page.html["lang"] == "es"
    assert page.html["data-theme"] == "light"
    assert "/es/live/board/sala/" in page.select_one("#poller")["hx-get"]


def test_a_board_that_there_is_not_is_said(client, db):
    response = client.get("/board/nowhere/")
    assert response.status_code == 404
    assert "There is no board “nowhere”" in response.content.decode()


def test_a_board_works_before_there_is_an_election(client, board):
    assert client.get("/board/wall/").status_code == 200


# What changes reaches the screens -------------------------------------------------------------


def since(client, slug: str = "newsroom") -> str:
    return soup(client, slug).select_one("#poller")["hx-get"]


def test_only_the_pages_that_a_change_touches_are_sent(client, published, take_up):
    address = since(client)
    take_up(
        published,
        {
            HOUSE: [
                element(
                    HOUSE_TITLE.format(1),
                    {"A": 500, "B": 60, "C": 40},
                    at=LATER,
                    precincts=(51, 100),
                )
            ]
        },
    )
    publishing.publish(published, [Contest.objects.get(slug="us-rep-district-1").pk])
    pages.forget_state()
    html = client.get(address).content.decode()
    assert "U.S. House, District 1" in html
    assert "Measure 1" not in html


def test_a_poll_with_nothing_new_is_empty_and_names_the_release(client, published):
    response = client.get(since(client))
    assert response.status_code == 204
    assert len(response["X-Release"]) == 12


def test_a_page_put_up_reaches_the_screens_without_a_worker(
    client, published, django_capture_on_commit_callbacks
):
    address = since(client)
    board = Board.objects.get(slug="newsroom")
    page = board.pages.last()
    with django_capture_on_commit_callbacks(execute=True):
        boards.put_up(board, page)
    pages.forget_state()
    html = BeautifulSoup(client.get(address).content.decode(), "html.parser")
    told = html.select_one(".board-control")
    assert told["data-page"] == str(page.pk)
    until = timezone.now() + timedelta(minutes=2)
    assert abs(int(told["data-until"]) - until.timestamp() * 1000) < 20_000


def test_another_board_s_page_cannot_be_put_up(published, board):
    with pytest.raises(boards.BoardError, match="another board"):
        boards.put_up(board, BoardPage.objects.first())


def test_a_breaking_line_goes_up_and_comes_down(
    client, published, django_capture_on_commit_callbacks
):
    board = Board.objects.get(slug="newsroom")
    with django_capture_on_commit_callbacks(execute=True):
        boards.break_in(board, "  AP calls the   Senate race ")
    pages.forget_state()
    assert "AP calls the Senate race" in soup(client).select_one(".board-breaking.is-up").text
    with django_capture_on_commit_callbacks(execute=True):
        boards.break_in(board, "")
    pages.forget_state()
    assert not soup(client).select(".board-breaking.is-up")


def test_a_breaking_line_that_is_too_long_is_refused(board):
    with pytest.raises(boards.BoardError, match="140 characters, not 141"):
        boards.break_in(board, "x" * 141)


def test_a_board_is_whole_again_after_redis_has_lost_everything(client, published):
    address = since(client)
    redis_store().flushdb()
    pages.forget_state()
    client.get(address)
    # What the poll asked for is what a worker would do.
    publishing.publish_waiting(published.pk)
    pages.forget_state()
    assert "Candidate 0" in client.get(address).content.decode()
    assert live.current_version(published.pk) > int(address.rsplit("/", 1)[1])


# Driving and editing in admin -------------------------------------------------------------------


def drive(client, board: Board, **told):
    address = reverse("admin:results_board_drive", args=[board.pk])
    return client.post(address, told, follow=True)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("pause", "Paused."),
        ("release", "The pages turn."),
        ("next", "One page on."),
        ("back", "One page back."),
        ("reload", "Each screen loads its page anew."),
        ("jump", "There is no such order."),
    ],
)
def test_a_producer_drives_a_board(client, board, producer, act, said):
    client.force_login(producer)
    assert said in drive(client, board, act=act).content.decode()


def test_a_page_is_put_up_from_admin(client, published, producer):
    client.force_login(producer)
    board = Board.objects.get(slug="newsroom")
    page = board.pages.first()
    said = drive(client, board, act="put-up", page=page.pk, hold="on").content.decode()
    board.refresh_from_db()
    assert board.pushed_page == page
    assert board.pushed_until is None
    assert "was put up" in said


def test_who_may_not_drive_is_refused(client, board):
    clerk = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(clerk)
    assert drive(client, board, act="pause").status_code == 403
    board.refresh_from_db()
    assert board.paused_at is None


def picture(kind: str = "PNG") -> bytes:
    held = BytesIO()
    Image.new("RGB", (40, 20), "#123456").save(held, kind)
    return held.getvalue()


def edit(client, board: Board | None = None, **more):
    name = "change" if board else "add"
    address = reverse(f"admin:results_board_{name}", args=[board.pk] if board else [])
    fields = {
        "title": "Studio",
        "slug": "studio",
        "theme": "dark",
        "language": "en",
        "seconds": "9",
        "pages-TOTAL_FORMS": "0",
        "pages-INITIAL_FORMS": "0",
        **more,
    }
    return client.post(address, fields, follow=True).content.decode()


def test_a_logo_is_taken_up_and_served(client, db, producer):
    client.force_login(producer)
    edit(client, new_logo=SimpleUploadedFile("logo.png", picture(), "image/png"))
    response = client.get("/board/studio/logo")
    assert response["Content-Type"] == "image/png"
    assert response.content == picture()
    assert soup(client, "studio").select_one(".board-logo")["src"].startswith("/board/studio/logo?")


def test_what_is_no_picture_is_refused_as_a_logo(client, db, producer):
    client.force_login(producer)
    said = edit(client, new_logo=SimpleUploadedFile("logo.png", b"<svg/>", "image/png"))
    assert "That is no PNG, JPEG or WebP picture." in said
    assert not Board.objects.exists()


def test_an_edited_board_has_its_screens_load_it_anew(client, published, producer):
    client.force_login(producer)
    board = Board.objects.get(slug="districts")
    edit(client, board, title="All of them", slug="districts")
    before = board.reloads
    board.refresh_from_db()
    assert (board.title, board.reloads) == ("All of them", before + 1)


def test_a_page_that_is_too_short_to_read_is_refused(client, db, producer):
    client.force_login(producer)
    assert "between 4 and 600 seconds" in edit(client, seconds="2")


def test_a_board_that_cannot_be_rendered_keeps_no_reader_waiting(client, published, take_up):
    # A layout that only a later release knows.
    BoardPage.objects.filter(board__slug="newsroom").update(source="of-a-later-release")
    take_up(published, {SENATE: [statewide({"Candidate 0": 7}, at=LATER)]})
    publishing.publish(published)
    pages.forget_state()
    assert "7" in client.get("/contests/us-senate/").content.decode()


def test_who_stands_alone_is_unopposed_and_leads_nobody(returns_of):
    returns = returns_of(SENATE, statewide({"A": 5}, precincts=(60, 100)))
    assert race(returns, Layout.RACE).state == "Unopposed"


def test_an_update_tells_where_it_came_from_and_how_it_split(board, election, take_up):
    more = {name: votes + (300 if name == "Candidate 0" else 100) for name, votes in MANY.items()}
    take_up(
        election,
        {
            SENATE: [
                statewide(more, precincts=(60, 100), at=LATER),
                in_county("Lake", more, at=LATER),
            ]
        },
    )
    newest = shown(board, election, Layout.UPDATES).lines[0]
    assert newest.slug == "us-senate"
    assert newest.names == "Candidate 0\xa06.4%, Candidate 1\xa05.4%"
    assert newest.split == "From Lake County; of these:\nCandidate 0\xa013.6%, Candidate 1\xa04.5%"
    assert newest.detail == "+2,200 votes at 9:30\xa0p.m."


def test_a_correction_is_not_told_as_shares_of_new_votes(board, election, take_up):
    fewer = MANY | {"Candidate 0": MANY["Candidate 0"] - 50}
    take_up(election, {SENATE: [statewide(fewer, precincts=(60, 100), at=LATER)]})
    newest = shown(board, election, Layout.UPDATES).lines[0]
    assert newest.split == "Changes:\nCandidate 0\xa0\N{MINUS SIGN}50"


def test_a_first_report_names_its_county_and_tells_the_standing_once(board, election):
    lines = shown(board, election, Layout.UPDATES).lines
    (senate,) = [one for one in lines if one.slug == "us-senate"]
    assert senate.names.startswith("Candidate 0\xa0")
    assert senate.split == "Lake County"


def test_counties_that_do_not_add_up_to_an_update_are_not_named(board, election, take_up):
    more = {name: votes + 100 for name, votes in MANY.items()}
    take_up(election, {SENATE: [statewide(more, precincts=(60, 100), at=LATER)]})
    assert "Lake" not in shown(board, election, Layout.UPDATES).lines[0].split
