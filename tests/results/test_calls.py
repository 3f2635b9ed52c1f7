"""Race calls: who may make which, what is in force, and what the numbers say against it."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from dashboard import pages, publishing
from results import call_checks, calls
from results.calls import CallError, announce_due, calls_in_force, confirm_call, make_call
from results.models import Contest, Election, RaceCall, ReturnNotice
from results.selectors import contest_returns
from tests.bodies import LATER, measures, statewide

SENATE = "us-senate/county/all"
Status = RaceCall.Status


@pytest.fixture
def election(make_election, take_up) -> Election:
    found = make_election(SENATE, "ballot-measures")
    votes = {"Schiff": 500, "Garvey": 400, "Porter": 100}
    take_up(
        found,
        {
            SENATE: [statewide(votes, precincts=(90, 100))],
            "ballot-measures": measures(
                "Ballot Measures - Statewide Results", {"1": (60, 40)}, precincts=(90, 100)
            ),
        },
    )
    return found


@pytest.fixture
def senate(election) -> Contest:
    return Contest.objects.get(slug="us-senate")


@pytest.fixture
def editor(db):
    return get_user_model().objects.create_superuser("editor", password="x")


@pytest.fixture
def second(db):
    return get_user_model().objects.create_superuser("second", password="x")


def named(contest: Contest, *names: str) -> list:
    return list(contest.candidates.filter(name__in=names))


def call_senate(contest: Contest, user, *names: str, **more) -> RaceCall:
    chosen = named(contest, *(names or ("Schiff", "Garvey")))
    return make_call(contest, Status.CALLED, chosen, user, **more)


# What is in force ---------------------------------------------------------------------------


def test_a_call_is_in_force_from_when_it_is_made(senate, editor):
    call_senate(senate, editor, source="AP")
    call = calls_in_force()[senate.pk]
    assert call.is_called
    assert call.source == "AP"
    assert len(call.winners) == 2


def test_a_later_act_takes_the_place_of_an_earlier_one(senate, editor):
    call_senate(senate, editor)
    make_call(senate, Status.UNCALLED, [], editor)
    call = calls_in_force()[senate.pk]
    assert call.taken_back
    assert not call.is_called
    assert RaceCall.objects.count() == 2


def test_before_its_embargo_a_call_is_not_in_force(senate, editor):
    until = timezone.now() + timedelta(hours=1)
    call_senate(senate, editor, embargo_until=until)
    assert calls_in_force() == {}
    assert calls_in_force(at=until)[senate.pk].since == until


def test_an_embargoed_call_is_announced_once_when_its_time_has_come(senate, editor):
    call_senate(senate, editor, embargo_until=timezone.now() + timedelta(hours=1))
    assert announce_due() == 0
    RaceCall.objects.update(embargo_until=timezone.now() - timedelta(seconds=1))
    assert announce_due() == 1
    assert announce_due() == 0


def test_where_two_are_needed_nothing_is_shown_until_a_second_person_confirms(
    senate, editor, second
):
    Election.objects.update(calls_need_two=True)
    act = call_senate(Contest.objects.get(pk=senate.pk), editor)
    assert calls_in_force() == {}
    with pytest.raises(CallError, match="second person"):
        confirm_call(act, editor)
    confirm_call(act, second)
    assert calls_in_force()[senate.pk].is_called
    with pytest.raises(CallError, match="waits for nobody"):
        confirm_call(act, second)


def test_to_take_a_call_back_waits_for_nobody(senate, editor):
    call_senate(senate, editor)
    Election.objects.update(calls_need_two=True)
    make_call(Contest.objects.get(pk=senate.pk), Status.UNCALLED, [], editor)
    assert calls_in_force()[senate.pk].taken_back


def test_the_database_itself_refuses_to_be_confirmed_by_the_same_person(senate, editor):
    act = call_senate(senate, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        RaceCall.objects.filter(pk=act.pk).update(confirmed_by=editor, confirmed_at=timezone.now())


def test_an_act_is_never_erased(senate, editor):
    with pytest.raises(ValidationError):
        call_senate(senate, editor).delete()


@pytest.mark.parametrize(
    ("status", "names", "said"),
    [
        (Status.CALLED, ("Schiff",), "exactly two"),
        (Status.CALLED, (), "exactly two"),
        (Status.TOO_CLOSE, ("Schiff",), "Only a call"),
        (Status.UNCALLED, (), "Nothing is called"),
        ("won", (), "no status"),
    ],
)
def test_an_act_that_does_not_fit_is_refused_in_words(senate, editor, status, names, said):
    with pytest.raises(CallError, match=said):
        make_call(senate, status, named(senate, *names), editor)
    assert not RaceCall.objects.exists()


def test_a_winner_must_stand_in_the_contest(senate, editor):
    measure = Contest.objects.get(slug="ballot-measures-prop-1")
    with pytest.raises(CallError, match="stand in this contest"):
        make_call(senate, Status.CALLED, list(measure.candidates.all()), editor)


# What the numbers say -----------------------------------------------------------------------


def returns_of_senate(election):
    (found,) = contest_returns(election, [Contest.objects.get(slug="us-senate").pk])
    return found


def test_a_call_of_one_who_is_behind_is_doubted(election, senate):
    found = call_checks.doubts(returns_of_senate(election), named(senate, "Schiff", "Porter"))
    assert found == ["Garvey has more votes (400) than Porter (100)."]
    assert call_checks.doubts(returns_of_senate(election), named(senate, "Schiff", "Garvey")) == []


def test_a_call_on_few_precincts_is_doubted(election, senate, take_up):
    take_up(election, {SENATE: [statewide({"Schiff": 9, "Garvey": 8, "Porter": 1}, at=LATER)]})
    assert call_checks.doubts(returns_of_senate(election), named(senate, "Schiff", "Garvey")) == [
        "Only 10% of precincts have reported."
    ]


def test_staff_are_told_once_when_the_count_turns_against_a_call(
    election, senate, editor, take_up, django_capture_on_commit_callbacks
):
    call_senate(senate, editor)
    turned = {"Schiff": 500, "Garvey": 400, "Porter": 450}
    take_up(election, {SENATE: [statewide(turned, at=LATER, precincts=(95, 100))]})
    for _ in range(2):
        call_checks.watch_calls(None, election_id=election.pk, contest_ids={senate.pk})
    notice = ReturnNotice.objects.get(kind=ReturnNotice.Kind.CALL_CONTRADICTED)
    assert "called, but Schiff is ahead" in notice.message


# On the pages -------------------------------------------------------------------------------


def shown(client, path: str = "/") -> BeautifulSoup:
    publishing.publish_election_choice()
    publishing.publish(Election.objects.get())
    pages.forget_state()
    return BeautifulSoup(client.get(path).content.decode(), "html.parser")


def test_a_call_stands_on_every_page_apart_from_the_lead(client, senate, editor):
    call_senate(senate, editor, source="AP")
    for path in ("/", "/contests/us-senate/", "/embed/us-senate/"):
        card = shown(client, path).select_one("#card-us-senate")
        assert "Called: Schiff and Garvey advance to November" in card.select_one(".call").text
        assert "AP, " in card.select_one(".call-detail").text
        assert "Schiff and Garvey lead for November" in card.text
        assert len(card.select(".row.is-called")) == 2
    assert "Called:" in shown(client, "/contests/?called=1").select_one("#item-us-senate").text
    assert len(shown(client, "/contests/?called=1").select(".line")) == 1


def test_a_call_taken_back_is_said_and_marks_nobody(client, senate, editor):
    call_senate(senate, editor)
    make_call(senate, Status.UNCALLED, [], editor)
    card = shown(client).select_one("#card-us-senate")
    assert "Call taken back" in card.text
    assert card.select(".row.is-called") == []


def test_a_winner_who_is_behind_is_said_to_be(client, senate, editor):
    call_senate(senate, editor, "Schiff", "Porter")
    card = shown(client).select_one("#card-us-senate")
    assert "Not ahead in the count at the moment" in card.select_one(".call-note").text


def test_a_measure_passes_or_fails(client, election, editor):
    measure = Contest.objects.get(slug="ballot-measures-prop-1")
    make_call(measure, Status.CALLED, named(measure, "Yes"), editor)
    assert "Called: passes" in shown(client).select_one("#card-ballot-measures-prop-1").text
    make_call(measure, Status.CALLED, named(measure, "No"), editor)
    assert "Called: fails" in shown(client).select_one("#card-ballot-measures-prop-1").text


def test_programs_are_told_what_is_called(client, senate, editor):
    call_senate(senate, editor, source="AP")
    (told,) = client.get("/returns/calls").json()
    assert told["contest"] == "us-senate"
    assert (told["status"], told["winners"]) == ("called", ["Garvey", "Schiff"])


def test_the_words_of_a_race_s_picture_tell_its_call(client, senate, editor):
    call_senate(senate, editor)
    page = shown(client, "/contests/us-senate/")
    words = page.find("meta", property="og:image:alt")["content"]
    assert "Called: Schiff and Garvey advance to November; Schiff 50.0%" in words


def test_a_past_moment_has_the_calls_of_then(senate, editor):
    call_senate(senate, editor)
    assert calls.calls_in_force(at=datetime(2024, 3, 6, tzinfo=UTC)) == {}


# In admin -----------------------------------------------------------------------------------


def post_call(client, contest: Contest, *names: str, status: str = "called", **more):
    winners = [one.pk for one in named(contest, *names)]
    address = reverse("admin:results_contest_call", args=[contest.pk])
    return client.post(address, {"status": status, "winners": winners, **more}, follow=True)


def test_an_editor_calls_a_race_by_name(client, senate, editor):
    client.force_login(editor)
    page = client.get(reverse("admin:results_contest_call", args=[senate.pk]))
    assert "Schiff (Dem): 500 (50.0%)" in page.content.decode()
    post_call(client, senate, "Schiff", "Garvey", source="AP", note="by phone")
    act = RaceCall.objects.get()
    assert act.made_by == editor
    assert act.note == "by phone"
    logged = LogEntry.objects.get()
    assert logged.change_message == "call: – → Called (Schiff, Garvey)"
    assert calls_in_force()[senate.pk].is_called


def test_a_call_that_the_numbers_contradict_warns_before_it_is_saved(client, senate, editor):
    client.force_login(editor)
    said = post_call(client, senate, "Schiff", "Porter").content.decode()
    assert "Garvey has more votes (400) than Porter (100)." in said
    assert not RaceCall.objects.exists()
    post_call(client, senate, "Schiff", "Porter", sure="on")
    assert "Garvey has more votes" in RaceCall.objects.get().warnings


def test_a_wrong_number_of_winners_is_said(client, senate, editor):
    client.force_login(editor)
    assert "exactly two" in post_call(client, senate, "Schiff").content.decode()
    assert not RaceCall.objects.exists()


def test_a_second_person_confirms_in_admin(client, senate, editor, second):
    Election.objects.update(calls_need_two=True)
    client.force_login(editor)
    post_call(client, senate, "Schiff", "Garvey")
    act = RaceCall.objects.get()
    client.post(reverse("admin:results_racecall_confirm", args=[act.pk]))
    assert calls_in_force() == {}
    client.force_login(second)
    client.post(reverse("admin:results_racecall_confirm", args=[act.pk]))
    assert calls_in_force()[senate.pk].is_called


def test_who_may_not_call_is_refused(client, senate, db):
    clerk = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(clerk)
    assert post_call(client, senate, "Schiff", "Garvey").status_code == 403
    assert not RaceCall.objects.exists()


def test_who_calls_sees_what_the_count_says(client, senate, editor):
    client.force_login(editor)
    shown = client.get(reverse("admin:results_contest_call", args=[senate.pk])).content.decode()
    facts = BeautifulSoup(shown, "html.parser").select_one(".count-facts").get_text(" ")
    assert "90 of 100 report (90%)" in facts
    assert "300 votes (30.00 points): Garvey, Porter" in facts
