"""Holds and overrides: what readers see, that the feed's own is kept, and who may do it."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from dashboard import pages, publishing
from results.corrections import (
    CorrectionError,
    end_expired,
    end_override,
    hold,
    override,
    release,
)
from results.models import Contest, County, Hold, Override, Return
from results.selectors import contest_returns
from tests.bodies import LATER, in_county, statewide

SENATE = "us-senate/county/all"
LATEST = "March 5, 2024, 10:00 p.m."


@pytest.fixture
def election(make_election, take_up):
    found = make_election(SENATE)
    take_up(found, told(500))
    return found


def told(votes: int, at: str = "March 5, 2024, 9:00 p.m.") -> dict:
    figures = {"Schiff": votes, "Garvey": 400, "Porter": 100}
    return {SENATE: [statewide(figures, at=at), in_county("Lake", figures, at=at)]}


@pytest.fixture
def senate(election) -> Contest:
    return Contest.objects.get(slug="us-senate")


@pytest.fixture
def editor(db):
    return get_user_model().objects.create_superuser("editor", password="x")


def votes(election) -> list[int]:
    (found,) = contest_returns(election, areas=True)
    return [one.votes for one in found.whole.candidates]


def shown(client, election, path: str = "/contests/us-senate/") -> str:
    publishing.publish_election_choice()
    publishing.publish(election)
    pages.forget_state()
    return BeautifulSoup(client.get(path).content.decode(), "html.parser").text


def in_three_hours():
    return timezone.now() + timedelta(hours=3)


# Holds --------------------------------------------------------------------------------------


def test_a_held_race_stays_as_it_stood_while_the_feed_goes_on(senate, election, editor, take_up):
    hold(senate, "Sussex has doubled its votes", editor)
    take_up(election, told(5_000, at=LATER))
    assert votes(election) == [500, 400, 100]
    whole = Return.objects.get(contest=senate, county=None, district=None)
    assert whole.total_votes == 5_500


def test_a_hold_says_so_with_its_reason(client, senate, election, editor, take_up):
    hold(senate, "Figures of Lake are being checked", editor)
    take_up(election, told(5_000, at=LATER))
    page = shown(client, election)
    assert "Figures of Lake are being checked" in page
    assert "5,000" not in page


def test_a_held_race_is_held_in_the_api_and_its_downloads(
    client, senate, election, editor, take_up
):
    hold(senate, "Checked", editor)
    take_up(election, told(5_000, at=LATER))
    publishing.publish_election_choice()
    for path in ("/returns/us-senate", "/contests/us-senate/updates.csv"):
        assert "5,000" not in client.get(path).content.decode()
        assert ",5000" not in client.get(path).content.decode()
    (said,) = client.get("/returns/corrections").json()
    assert (said["kind"], said["reason"]) == ("hold", "Checked")


def test_a_release_shows_what_the_feed_says(senate, election, editor, take_up):
    held = hold(senate, "Checked", editor)
    take_up(election, told(700, at=LATER))
    release(held, editor)
    assert votes(election) == [700, 400, 100]
    held.refresh_from_db()
    assert held.released_by == editor


def test_a_race_is_held_once(senate, editor):
    hold(senate, "First", editor)
    with pytest.raises(CorrectionError, match="held already"):
        hold(senate, "Second", editor)


def test_a_hold_without_a_reason_is_refused(senate, editor):
    with pytest.raises(CorrectionError, match="readers see it"):
        hold(senate, "  ", editor)


def test_a_released_hold_is_not_released_again(senate, editor):
    held = hold(senate, "Checked", editor)
    release(held, editor)
    with pytest.raises(CorrectionError, match="already"):
        release(held, editor)


# Overrides ----------------------------------------------------------------------------------


def test_a_set_figure_is_shown_beside_the_feed_s(client, senate, election, editor):
    override(
        senate.candidates.get(name="Schiff"),
        450,
        editor,
        reason="Typing error, says the county",
        expires_at=in_three_hours(),
    )
    assert votes(election) == [450, 400, 100]
    page = shown(client, election)
    assert "Set by the newsroom: Schiff 450 (feed: 500). Typing error, says the county" in page


def test_a_figure_of_a_county_is_marked_where_the_county_stands(client, senate, election, editor):
    override(
        senate.candidates.get(name="Schiff"),
        450,
        editor,
        county=County.objects.get(slug="lake"),
        reason="Checked by telephone",
        expires_at=in_three_hours(),
    )
    assert votes(election) == [500, 400, 100]
    for path in ("/contests/us-senate/", "/counties/lake/"):
        assert "Lake County: Set by the newsroom: Schiff 450 (feed: 500)" in shown(
            client, election, path
        )


def test_the_api_keeps_the_feed_s_figure_and_tells_both(client, senate, election, editor):
    override(
        senate.candidates.get(name="Schiff"),
        450,
        editor,
        reason="Checked",
        expires_at=in_three_hours(),
    )
    publishing.publish_election_choice()
    assert client.get("/returns/us-senate").json()["candidates"][0]["Votes"] == "500"
    (said,) = client.get("/returns/corrections").json()
    assert (said["votes"], said["feedVotes"], said["county"]) == (450, 500, None)


def test_an_override_ends_by_itself_when_its_time_is_over(senate, election, editor):
    override(
        senate.candidates.get(name="Schiff"),
        450,
        editor,
        reason="Checked",
        expires_at=in_three_hours(),
    )
    Override.objects.update(
        made_at=timezone.now() - timedelta(hours=2), expires_at=timezone.now() - timedelta(hours=1)
    )
    assert votes(election) == [500, 400, 100]
    assert end_expired() == 1
    assert Override.objects.get().ended_by is None


def test_an_editor_ends_an_override(senate, election, editor):
    one = override(
        senate.candidates.get(name="Schiff"),
        450,
        editor,
        reason="Checked",
        expires_at=in_three_hours(),
    )
    end_override(one, editor)
    assert votes(election) == [500, 400, 100]
    with pytest.raises(CorrectionError, match="ended already"):
        end_override(one, editor)


def test_a_second_override_of_a_figure_ends_the_first(senate, election, editor):
    for figure in (450, 460):
        override(
            senate.candidates.get(name="Schiff"),
            figure,
            editor,
            reason="Checked",
            expires_at=in_three_hours(),
        )
    assert votes(election)[0] == 460
    assert Override.objects.filter(ended_at=None).count() == 1


def test_an_override_that_has_expired_before_it_is_made_is_refused(senate, editor):
    with pytest.raises(CorrectionError, match="expire after"):
        override(
            senate.candidates.get(name="Schiff"),
            450,
            editor,
            reason="Checked",
            expires_at=timezone.now() - timedelta(hours=1),
        )


# In admin -----------------------------------------------------------------------------------


def correct(client, contest: Contest, **fields):
    address = reverse("admin:results_contest_correct", args=[contest.pk])
    return client.post(address, fields, follow=True).content.decode()


def test_an_editor_holds_and_releases_in_admin(client, senate, editor):
    client.force_login(editor)
    assert "Held: Checked" in correct(client, senate, act="hold", reason="Checked")
    assert Hold.objects.get().made_by == editor
    assert "Released: Checked" in correct(client, senate, act="release")


def test_an_editor_sets_a_figure_in_admin_by_name(client, senate, election, editor):
    client.force_login(editor)
    said = correct(
        client,
        senate,
        act="override",
        candidate=senate.candidates.get(name="Schiff").pk,
        votes="450",
        reason="Checked",
        lasts="3",
    )
    assert "Set: Schiff: 450" in said
    assert "feed’s 500" in said
    assert votes(election)[0] == 450


def test_a_form_that_is_not_filled_in_is_said_and_sets_nothing(client, senate, editor):
    client.force_login(editor)
    assert "This field is required" in correct(client, senate, act="override", votes="9")
    assert not Override.objects.exists()


def test_the_form_shows_what_the_feed_says_of_each_candidate(client, senate, editor):
    client.force_login(editor)
    page = client.get(reverse("admin:results_contest_correct", args=[senate.pk]))
    assert "Schiff: 500</option>" in page.content.decode()


def test_an_end_of_what_is_no_override_is_not_found(client, senate, editor):
    client.force_login(editor)
    address = reverse("admin:results_contest_correct", args=[senate.pk])
    for wrong in ("", "x", "99"):
        assert client.post(address, {"act": "end", "override": wrong}).status_code == 404


def test_who_may_not_correct_is_refused(client, senate):
    clerk = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(clerk)
    address = reverse("admin:results_contest_correct", args=[senate.pk])
    assert client.post(address, {"act": "hold", "reason": "x"}).status_code == 403
    assert not Hold.objects.exists()
