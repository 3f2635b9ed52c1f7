"""Rehearsals: a night for practice through the real pipeline, which the public never sees."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from dashboard import pages, publishing
from results import rehearsals, tasks
from results.feed.client import FeedClient
from results.models import (
    Alert,
    Board,
    BoardPage,
    Candidate,
    Contest,
    Election,
    RaceCall,
    Rehearsal,
    Return,
    Sweep,
)
from results.models.alerts import AlertKind
from results.recordings.rehearsal_feed import add_county, shuffle
from results.rehearsals import RehearsalError, feed_of, nights, start_rehearsal, stop_rehearsal
from results.sweeps import plan_for, run_batch
from results.watch import watch_returns
from tests.bodies import in_county, statewide

NIGHT = "2024-03-05-presidential-primary"
SENATE = "us-senate/county/all"


@pytest.fixture
def producer(db):
    return get_user_model().objects.create_superuser("producer", password="x")


@pytest.fixture
def play(db):
    """Starts a rehearsal whose clock stands still at so many minutes of the night."""

    def start(minutes: int = 45, **more) -> Rehearsal:
        rehearsal = start_rehearsal(NIGHT, **more)
        rehearsals.pause(rehearsal)
        rehearsals.jump(rehearsal, minutes)
        return rehearsal

    return start


def asked(rehearsal: Rehearsal, path: str = SENATE):
    """What the rehearsal's feed answers at the moment."""
    rehearsal.refresh_from_db()
    with feed_of(rehearsal) as client:
        return client.fetch(path)


def sweep_some(rehearsal: Rehearsal, *paths: str) -> None:
    """Take up some endpoints of the rehearsal's feed."""
    election = rehearsal.election
    begun = Sweep.objects.create(election=election, started_at=timezone.now())
    wanted = [request for request in plan_for(election) if request.path in paths]
    with feed_of(rehearsal) as client:
        run_batch(begun, wanted, client=client)


# The clock ----------------------------------------------------------------------------------


def test_its_clock_goes_at_its_speed_and_stays_at_the_end(play):
    rehearsal = play(10, speed=60)
    rehearsals.resume(rehearsal)
    began, real = rehearsal.moment, rehearsal.since
    assert rehearsal.now(real + timedelta(minutes=1)) - began == timedelta(hours=1)
    assert rehearsal.now(real + timedelta(days=9)) == rehearsal.end


def test_a_paused_clock_stands(play):
    rehearsal = play(30)
    assert not rehearsal.is_running
    assert rehearsal.now() == rehearsal.election.polls_close + timedelta(minutes=30)


def test_a_jump_out_of_the_night_is_refused(play):
    with pytest.raises(RehearsalError, match="minutes 0 to"):
        rehearsals.jump(play(), 100_000)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"night": "1999"}, "no recording 1999"),
        ({"speed": 0}, "above 0"),
        ({"kind": "dreamt"}, "no kind of rehearsal “dreamt”"),
        ({"troubles": ["plague"]}, "no trouble “plague”"),
    ],
)
def test_what_cannot_be_played_is_said_and_nothing_is_made(db, wrong, said):
    with pytest.raises(RehearsalError, match=said):
        start_rehearsal(**{"night": NIGHT, **wrong})
    assert not Election.objects.exists()


# Its feed -----------------------------------------------------------------------------------


def test_a_recorded_night_is_served_as_it_was(play):
    rehearsal = play(60, kind="recorded")
    body = asked(rehearsal).body
    assert b"Adam B. Schiff" in body
    assert asked(rehearsal).body == body


def test_an_invented_night_has_the_same_votes_for_others(play):
    as_it_was = asked(play(60, kind="recorded")).body
    invented = asked(play(60, kind="invented", seed=3)).body
    assert invented != as_it_was
    assert len(invented) == pytest.approx(len(as_it_was), rel=0.01)


def test_a_dead_feed_answers_nothing(play):
    rehearsal = play(65, troubles=["dead"])
    assert not asked(rehearsal).ok
    rehearsals.jump(rehearsal, 85)
    assert asked(rehearsal).ok


def test_a_feed_of_html_is_no_json(play):
    assert asked(play(105, troubles=["html"])).body.startswith(b"<!doctype html>")


def test_a_doubled_county_is_corrected_downward(play):
    rehearsal = play(125, kind="recorded", troubles=["spike"])
    sweep_some(rehearsal, SENATE)
    doubled = whole_votes(rehearsal)
    rehearsals.jump(rehearsal, 155)
    sweep_some(rehearsal, SENATE)
    assert whole_votes(rehearsal) < doubled
    raised = watch_returns(rehearsal.election, [])
    fell = [one for one in raised if one.kind == AlertKind.VOTES_FELL]
    assert fell
    assert all(one.message.startswith("REHEARSAL: ") for one in fell)


def whole_votes(rehearsal: Rehearsal) -> int:
    whole = Return.objects.get(
        contest__election=rehearsal.election, contest__slug="us-senate", county=None, district=None
    )
    return whole.total_votes


def test_a_late_giant_reports_nothing_at_first(play):
    rehearsal = play(90, kind="recorded", troubles=["late_giant"])
    sweep_some(rehearsal, SENATE)
    giant = Return.objects.filter(
        contest__election=rehearsal.election,
        contest__slug="us-senate",
        county__slug="los-angeles",
    )
    assert giant.get().total_votes == 0
    rehearsals.jump(rehearsal, 185)
    sweep_some(rehearsal, SENATE)
    assert giant.get().total_votes > 500_000


def test_a_test_day_has_figures_that_nobody_is_shown(play):
    rehearsal = play(60, kind="test_day")
    sweep_some(rehearsal, SENATE)
    assert b"Schiff" in asked(rehearsal).body
    assert not Return.objects.filter(total_votes__gt=0).exists()


def test_a_county_is_added_to_the_whole_and_taken_away_from_it():
    def figures(times: int) -> list[list[str]]:
        elements = [
            statewide({"Ann": 30, "Bo": 50}),
            in_county("Orange", {"Ann": 10, "Bo": 5}, precincts=(4, 8)),
        ]
        add_county(elements, "orange", times)
        return [[c["Votes"] for c in one["candidates"]] for one in elements]

    assert figures(1) == [["40", "55"], ["20", "10"]]
    assert figures(-1) == [["20", "45"], ["0", "0"]]


def test_shuffled_votes_go_the_same_way_in_every_area():
    whole, county = statewide({"A": 1, "B": 2, "C": 3}), in_county("Lake", {"A": 1, "B": 2, "C": 3})
    for element in (whole, county):
        shuffle(element, 5)
    shuffled = [c["Votes"] for c in whole["candidates"]]
    assert shuffled == [c["Votes"] for c in county["candidates"]]
    assert sorted(shuffled) == ["1", "2", "3"]


# The public ---------------------------------------------------------------------------------


def test_the_database_itself_keeps_a_rehearsal_from_becoming_current(play):
    election = play().election
    election.is_current = True
    with pytest.raises(IntegrityError), transaction.atomic():
        election.save()


def test_the_public_sees_nothing_of_a_rehearsal(client, play):
    rehearsal = play(60)
    sweep_some(rehearsal, SENATE)
    publishing.publish(rehearsal.election)
    pages.forget_state()
    slug = rehearsal.election.slug
    for path in ("/", "/elections/", "/contests/", "/returns/elections", "/sitemap.xml"):
        text = client.get(path).content.decode()
        assert "ehearsal" not in text, path
        assert slug not in text, path
    for path in (
        f"/elections/{slug}/",
        f"/elections/{slug}/contests/us-senate/",
        f"/returns/elections/{slug}/us-senate",
    ):
        assert client.get(path).status_code == 404, path
    response = client.get(f"/rehearsal/{slug}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_staff_see_it_and_cannot_take_it_for_a_night(client, play, producer):
    rehearsal = play(60)
    sweep_some(rehearsal, SENATE)
    publishing.publish(rehearsal.election)
    client.force_login(producer)
    address = f"/rehearsal/{rehearsal.election.slug}/"
    for path in ("", "contests/us-senate/", "counties/lake/", "es/"):
        response = client.get(address + path)
        page = BeautifulSoup(response.content.decode(), "html.parser")
        assert "is-rehearsal" in page.body["class"], path
        assert page.select_one(".notice-ribbon").text, path
        assert response["Cache-Control"] == "private, no-store"
        assert page.select_one("#poller")["hx-get"].startswith(address)
    page = BeautifulSoup(client.get(address).content.decode(), "html.parser")
    assert page.select_one("#card-us-senate .card-title a")["href"].startswith(address)


def test_a_poll_of_a_rehearsal_brings_its_changes(client, play, producer):
    rehearsal = play(60)
    sweep_some(rehearsal, SENATE)
    publishing.publish(rehearsal.election)
    client.force_login(producer)
    page = client.get(f"/rehearsal/{rehearsal.election.slug}/").content.decode()
    poll = BeautifulSoup(page, "html.parser").select_one("#poller")["hx-get"]
    assert client.get(poll).status_code == 204
    rehearsals.jump(rehearsal, 120)
    sweep_some(rehearsal, SENATE)
    publishing.publish(rehearsal.election)
    assert "card-us-senate" in client.get(poll).content.decode()


def test_a_board_shows_a_rehearsal_with_its_mark(client, play, producer):
    board = Board.objects.create(slug="wall", title="Wall")
    BoardPage.objects.create(board=board, layout="race", source="statewide")
    rehearsal = play(60)
    sweep_some(rehearsal, SENATE)
    publishing.publish(rehearsal.election)
    client.force_login(producer)
    page = client.get(f"/rehearsal/{rehearsal.election.slug}/board/wall/").content.decode()
    assert "board is-rehearsal" in page
    assert "REHEARSAL: these are no results" in page
    assert "Schiff" in page


def test_a_page_that_a_rehearsal_has_not_is_said(client, play, producer):
    client.force_login(producer)
    slug = play().election.slug
    assert client.get(f"/rehearsal/{slug}/embed/us-senate/").status_code == 404
    assert client.get(f"/rehearsal/{slug}/nowhere").status_code == 404


def test_who_may_not_see_rehearsals_is_refused(client, play):
    clerk = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(clerk)
    assert client.get(f"/rehearsal/{play().election.slug}/").status_code == 403


# Stopping -----------------------------------------------------------------------------------


def test_a_stopped_rehearsal_leaves_nothing_behind(play, producer):
    rehearsal = play(60)
    sweep_some(rehearsal, SENATE)
    senate = Contest.objects.get(election=rehearsal.election, slug="us-senate")
    from results.calls import make_call
    from results.corrections import hold

    make_call(senate, RaceCall.Status.CALLED, list(senate.candidates.all()[:2]), producer)
    hold(senate, "practice", producer)
    stop_rehearsal(rehearsal)
    for model in (Election, Contest, Candidate, Return, RaceCall, Alert, Sweep, Rehearsal):
        assert not model.objects.exists(), model


def test_a_sweep_of_a_rehearsal_that_was_purged_ends_quietly(play):
    rehearsal = play()
    begun = Sweep.objects.create(election=rehearsal.election, started_at=timezone.now())
    stop_rehearsal(rehearsal)
    token = tasks.feed_state.begin_sweep(9)
    done = tasks.sweep_batch(begun.pk, token, [])
    tasks.finish_sweep([done], begun.pk, token)
    assert tasks.feed_state.begin_sweep(9)


# Admin and the command ----------------------------------------------------------------------


def test_a_rehearsal_is_started_and_run_in_admin(client, producer):
    client.force_login(producer)
    start = reverse("admin:results_rehearsal_start")
    said = client.post(
        start,
        {"night": NIGHT, "kind": "invented", "troubles": ["dead"], "speed": "120"},
        follow=True,
    ).content.decode()
    assert "Rehearsal 1: " in said
    rehearsal = Rehearsal.objects.get()
    assert (rehearsal.speed, rehearsal.troubles) == (120, ["dead"])
    run = reverse("admin:results_rehearsal_run", args=[rehearsal.pk])
    for act, more, words in (
        ("pause", {}, "Paused."),
        ("jump", {"minutes": "90"}, "It is 90 minutes after the polls closed."),
        ("jump", {"minutes": "soon"}, "“soon” is no whole number."),
        ("speed", {"speed": "10"}, "It goes at 10 times its speed."),
        ("resume", {}, "It goes on."),
        ("fly", {}, "There is no such order."),
        ("stop", {}, "is over, and purged."),
    ):
        assert words in client.post(run, {"act": act, **more}, follow=True).content.decode(), act
    assert not Rehearsal.objects.exists()


def test_who_may_not_rehearse_is_refused(client, db):
    clerk = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(clerk)
    assert client.post(reverse("admin:results_rehearsal_start"), {}).status_code == 403


def test_one_command_starts_a_rehearsal_and_one_ends_all(db, capsys):
    call_command("rehearse", "--speed", "30", "--trouble", "spike")
    assert "/rehearsal/rehearsal-1/" in capsys.readouterr().out
    call_command("rehearse", "--stop")
    assert "over, and purged" in capsys.readouterr().out
    assert not Election.objects.exists()


def test_there_is_a_night_to_rehearse_with():
    assert NIGHT in nights()


def test_the_rehearsal_s_feed_is_a_real_http_server(play):
    rehearsal = play()
    with feed_of(rehearsal) as client:
        assert isinstance(client, FeedClient)
        assert client.fetch("us-senate").status == 200
