from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from results.models import (
    ArchivedBody,
    Candidate,
    Contest,
    Election,
    Endpoint,
    Fetch,
    Return,
    ReturnNotice,
    ReturnUpdate,
    Sweep,
)
from tests.bodies import LATER, in_county, statewide

ALL = "us-senate/county/all"
OURS = [model for model in admin.site._registry if model._meta.app_label == "results"]

FEED = [ArchivedBody, Sweep, Fetch]


@pytest.fixture
def election(make_election, take_up):
    found = make_election(ALL)
    take_up(found, {ALL: [statewide({"Schiff": 20}), in_county("Lake", {"Schiff": 9})]})
    take_up(found, {ALL: [statewide({"Schiff": 12}, at=LATER)]})
    sweep = Sweep.objects.create(election=found, started_at=timezone.now(), failures=1)
    Fetch.objects.create(
        sweep=sweep,
        path=ALL,
        fetched_at=timezone.now(),
        outcome=Fetch.Outcome.FAILED,
        status=500,
        reason="HTTP 500 Internal Server Error",
    )
    return found


def page(client, model, name: str, *args) -> str:
    address = reverse(f"admin:results_{model._meta.model_name}_{name}", args=args)
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_every_model_is_registered():
    from django.apps import apps

    inlines = {one.model for site in admin.site._registry.values() for one in site.inlines}
    assert set(OURS) | inlines >= set(apps.get_app_config("results").get_models())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_lists_open_and_can_be_searched(admin_client, election, model):
    page(admin_client, model, "changelist")
    address = reverse(f"admin:results_{model._meta.model_name}_changelist")
    assert admin_client.get(address, {"q": "lake"}).status_code == 200


@pytest.mark.parametrize(
    "model",
    [*(Election, Contest, Candidate, Return, ReturnUpdate), *(ReturnNotice, Endpoint), *FEED],
    ids=lambda model: model._meta.model_name,
)
def test_single_pages_open(admin_client, election, model):
    page(admin_client, model, "change", model.objects.first().pk)


@pytest.mark.parametrize(
    "model",
    [Return, ReturnUpdate, ArchivedBody, Fetch, Sweep, Endpoint, ReturnNotice],
    ids=lambda model: model._meta.model_name,
)
def test_what_the_feed_said_can_be_edited_by_nobody(admin_client, election, model):
    one = model.objects.first()
    for name, args in [("add", []), ("delete", [one.pk])]:
        address = reverse(f"admin:results_{model._meta.model_name}_{name}", args=args)
        assert admin_client.post(address, {"post": "yes"}).status_code == 403
    change = reverse(f"admin:results_{model._meta.model_name}_change", args=[one.pk])
    assert admin_client.post(change, {}).status_code == 403


def test_a_failed_fetch_shows_its_endpoint_and_reason(admin_client, election):
    html = page(admin_client, Fetch, "changelist")
    assert ALL in html
    assert "HTTP 500 Internal Server Error" in html


def test_a_returns_page_has_votes_by_name_and_its_history(admin_client, election):
    row = Return.objects.get(contest__slug="us-senate", county=None)
    html = page(admin_client, Return, "change", row.pk)
    assert "Schiff Dem: 12" in html
    assert html.count('class="form-row has_original"') == 2


def test_a_fall_of_votes_is_among_the_notices(admin_client, election):
    assert "Votes fell from 20 to 12" in page(admin_client, ReturnNotice, "changelist")


def test_a_raw_body_is_shown_as_text_and_never_run(admin_client, election):
    body = ArchivedBody.objects.first()
    response = admin_client.get(reverse("admin:results_archivedbody_raw", args=[body.pk]))
    assert response.content == body.content
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_raw_bodies_are_for_staff_alone(client, election):
    body = ArchivedBody.objects.first()
    response = client.get(reverse("admin:results_archivedbody_raw", args=[body.pk]))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_the_current_election_is_switched_by_an_action(admin_client, election, make_election):
    from datetime import date

    newer = make_election("governor", kind="primary", day=date(2026, 6, 2))
    admin_client.post(
        reverse("admin:results_election_changelist"),
        {"action": "make_current", "_selected_action": [election.pk]},
    )
    assert Election.objects.get(is_current=True) == election
    assert newer != election


def test_an_election_cannot_be_deleted(admin_client, election):
    address = reverse("admin:results_election_delete", args=[election.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403


def test_contests_are_hidden_and_featured_by_actions(admin_client, election):
    contest = Contest.objects.get()
    for action in ("hide", "feature"):
        admin_client.post(
            reverse("admin:results_contest_changelist"),
            {"action": action, "_selected_action": [contest.pk]},
        )
    contest.refresh_from_db()
    assert (contest.is_published, contest.is_featured) == (False, True)


def test_names_are_shown_as_an_editor_wants_and_kept_as_the_feed_has_them(admin_client, election):
    contest = Contest.objects.get()
    candidate = contest.candidates.get()
    response = admin_client.post(
        reverse("admin:results_contest_change", args=[contest.pk]),
        {
            "display_title": "The Senate seat",
            "display_title_es": "El escaño",
            "rule": "top_two",
            "is_published": "on",
            "order": "5",
            "candidates-TOTAL_FORMS": "1",
            "candidates-INITIAL_FORMS": "1",
            "candidates-0-id": candidate.pk,
            "candidates-0-contest": contest.pk,
            "candidates-0-display_name": "Adam Schiff",
        },
    )
    assert response.status_code == 302
    contest.refresh_from_db()
    candidate.refresh_from_db()
    assert (contest.display_title, contest.title) == ("The Senate seat", "U.S. Senate (Full Term)")
    assert (candidate.display_name, candidate.name) == ("Adam Schiff", "Schiff")


def test_a_candidate_s_fall_under_a_rising_total_is_said_as_that(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 20, "Garvey": 9})]})
    take_up(election, {ALL: [statewide({"Schiff": 30, "Garvey": 8}, at=LATER)]})
    assert ReturnNotice.objects.get().message == (
        "U.S. Senate (Full Term): A candidate’s votes fell, though the total went from 29 to 38: "
        "Garvey 9 to 8"
    )


def test_each_field_of_a_list_says_what_it_is_and_of_which_row(admin_client, election):
    page = admin_client.get(reverse("admin:results_contest_changelist")).content.decode()
    assert 'aria-label="Featured: U.S. Senate (Full Term)"' in page
    page = admin_client.get(reverse("admin:results_alertrule_changelist")).content.decode()
    assert 'aria-label="On: The feed is late"' in page


def test_a_board_s_races_are_chosen_from_the_current_election(
    admin_client, election, make_election
):
    make_election(ALL, day=date(2022, 6, 7), kind="primary")
    chosen = {"app_label": "results", "model_name": "boardpage", "field_name": "contests"}
    found = admin_client.get(reverse("admin:autocomplete"), {**chosen, "term": "senate"}).json()
    current = Contest.objects.get(election__is_current=True)
    assert [one["id"] for one in found["results"]] == [str(current.pk)]


@pytest.mark.parametrize(
    ("contest", "name"),
    [
        (Contest(kind="measure", measure="1", title="Ballot Measures"), "Proposition 1"),
        (
            Contest(kind="retention", justice="Patricia Guerrero", title="Supreme Court"),
            "Patricia Guerrero, Supreme Court",
        ),
        (Contest(kind="candidates", title="Governor"), "Governor"),
        (
            Contest(kind="candidates", office="state-senate", district=2, slug="x"),
            "State Senate District 2",
        ),
        (
            Contest(kind="candidates", office="president", party="green", slug="x"),
            "President Green",
        ),
        (Contest(kind="candidates", office="dogcatcher", slug="dogcatcher"), "dogcatcher"),
        (Contest(kind="measure", measure="1", display_title="Bonds"), "Bonds"),
    ],
)
def test_staff_read_a_contest_s_name_before_and_after_the_feed_gave_it(contest, name):
    contest.election = Election()
    assert str(contest) == name
