"""Who may do what in the newsroom, with what they prove themselves, and what is logged of it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import override_settings
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from dashboard.embedded import free_port
from results.models import Candidate, Contest, Election
from results.people import EDITOR, PERMISSIONS, PRODUCER, VIEWER
from results.redis_store import redis_store
from tests.bodies import statewide

SENATE = "us-senate/county/all"
PASSWORD = "long enough 1"


@pytest.fixture
def election(make_election, take_up):
    found = make_election(SENATE)
    take_up(found, {SENATE: [statewide({"Schiff": 500, "Garvey": 400})]})
    return found


@pytest.fixture
def person(db):
    def make(group: str):
        user = get_user_model().objects.create_user(group.lower(), password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        return user

    return make


def status(client, name: str, *arguments, data: dict | None = None) -> int:
    address = reverse(f"admin:{name}", args=arguments)
    return (client.get(address) if data is None else client.post(address, data)).status_code


# Groups -------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", [VIEWER, EDITOR, PRODUCER])
def test_a_group_has_exactly_its_permissions(db, group):
    held = Group.objects.get(name=group).permissions.values_list("codename", flat=True)
    assert sorted(held) == sorted(set(PERMISSIONS[group]))


def test_a_viewer_sees_and_changes_nothing(client, election, person):
    client.force_login(person(VIEWER))
    senate = Contest.objects.get()
    assert status(client, "results_contest_changelist") == 200
    assert status(client, "results_contest_call", senate.pk) == 403
    assert status(client, "results_contest_correct", senate.pk) == 403
    assert status(client, "results_board_add") == 403
    assert status(client, "control_feed", data={"act": "pause"}) == 403
    assert status(client, "results_rehearsal_start") == 403
    assert status(client, "control_order", data={"contest": senate.pk}) == 403


def test_an_editor_calls_and_corrects_and_leaves_the_feed_and_the_walls(client, election, person):
    client.force_login(person(EDITOR))
    senate = Contest.objects.get()
    assert status(client, "results_contest_call", senate.pk) == 200
    assert status(client, "results_contest_correct", senate.pk) == 200
    assert status(client, "control_feed", data={"act": "pause"}) == 403
    assert status(client, "results_board_add") == 403
    assert status(client, "results_rehearsal_start") == 403


def test_a_producer_runs_the_feed_and_the_walls_and_calls_nothing(client, election, person):
    client.force_login(person(PRODUCER))
    senate = Contest.objects.get()
    assert status(client, "results_contest_call", senate.pk) == 403
    assert status(client, "results_contest_correct", senate.pk) == 403
    assert status(client, "results_board_add") == 200
    assert status(client, "results_rehearsal_start") == 200
    assert status(client, "control_feed", data={"act": "pause"}) == 302
    election.refresh_from_db()
    assert election.feed_paused_at is not None


def test_who_may_call_nothing_is_led_to_no_form_for_it(client, election, person):
    contest = Contest.objects.get()
    contest.is_featured = True
    contest.save()
    call, change = (
        reverse(f"admin:results_contest_{page}", args=[contest.pk]) for page in ("call", "change")
    )
    pages = [reverse("admin:index"), reverse("admin:results_contest_changelist")]
    for group, way in ((EDITOR, call), (PRODUCER, change), (VIEWER, change)):
        client.force_login(person(group))
        for page in pages:
            text = client.get(page).content.decode()
            assert f'href="{way}' in text, (group, page)
            assert (call in text) is (way == call), (group, page)


def test_a_refusal_names_the_login_and_the_way_back(client, election, person):
    client.force_login(person(VIEWER))
    refused = client.get(reverse("admin:results_contest_call", args=[Contest.objects.get().pk]))
    assert refused.status_code == 403
    text = refused.content.decode()
    assert "may not do this" in text
    assert 'href="/admin/"' in text


@pytest.fixture
def lost_redis(settings):
    """An address at which nothing listens."""
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    redis_store.cache_clear()
    yield
    redis_store.cache_clear()


def test_without_redis_the_control_room_says_so(client, election, person, lost_redis):
    client.force_login(person(PRODUCER))
    text = client.get(reverse("admin:control_room")).content.decode()
    assert "Redis is out of reach (Error 111" in text
    assert "No election is current" not in text


# The second factor --------------------------------------------------------------------------


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key, device.step, device.t0, device.digits):06d}"


@override_settings(CALLS_NEED_SECOND_FACTOR=True)
def test_who_may_call_sets_up_an_authenticator_first(client, election, person):
    editor = person(EDITOR)
    client.force_login(editor)
    page = client.get(reverse("admin:index"), follow=True)
    assert page.redirect_chain[-1][0].startswith("/admin/second-factor/")
    assert "data:image/svg+xml" in page.content.decode()
    device = TOTPDevice.objects.get(user=editor)
    wrong = client.post(reverse("admin:second_factor"), {"token": "000000"})
    assert "does not fit" in wrong.content.decode()
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    right = client.post(reverse("admin:second_factor"), {"token": code_of(device)})
    assert "Recovery codes" in right.content.decode()
    assert status(client, "results_contest_call", Contest.objects.get().pk) == 200


@override_settings(CALLS_NEED_SECOND_FACTOR=True)
def test_a_password_alone_calls_no_race(client, election, person):
    editor = person(EDITOR)
    TOTPDevice.objects.create(user=editor, name="x", confirmed=True)
    client.force_login(editor)
    senate = Contest.objects.get()
    assert status(client, "results_contest_call", senate.pk, data={"status": "too_close"}) == 302
    assert not senate.calls.exists()


@override_settings(CALLS_NEED_SECOND_FACTOR=True)
def test_a_code_or_a_recovery_code_opens_the_newsroom(client, election, person):
    editor = person(EDITOR)
    device = TOTPDevice.objects.create(user=editor, name="x", confirmed=True)
    client.force_login(editor)
    address = reverse("admin:second_factor")
    opened = client.post(f"{address}?next=/admin/results/contest/", {"token": code_of(device)})
    assert opened["Location"] == "/admin/results/contest/"


@override_settings(CALLS_NEED_SECOND_FACTOR=True)
def test_nobody_is_sent_to_another_site(client, election, person):
    editor = person(EDITOR)
    device = TOTPDevice.objects.create(user=editor, name="x", confirmed=True)
    client.force_login(editor)
    address = f"{reverse('admin:second_factor')}?next=https://elsewhere.example/"
    assert client.post(address, {"token": code_of(device)})["Location"] == "/admin/"


@override_settings(CALLS_NEED_SECOND_FACTOR=True)
def test_who_calls_nothing_needs_no_second_factor(client, election, person):
    client.force_login(person(PRODUCER))
    assert status(client, "index") == 200


# Logins -------------------------------------------------------------------------------------


def log_in(client, name: str, password: str):
    return client.post(
        reverse("admin:login"), {"username": name, "password": password, "next": "/admin/"}
    )


def test_too_many_wrong_passwords_lock_a_name_out_for_a_while(client, person):
    person(PRODUCER)
    for _ in range(5):
        assert log_in(client, "producer", "wrong").status_code == 200
    locked = log_in(client, "producer", "wrong")
    assert locked.status_code == 429
    assert "Too many wrong passwords" in locked.content.decode()
    assert log_in(client, "producer", PASSWORD).status_code == 429


def test_a_right_password_forgets_the_wrong_ones(client, person):
    person(PRODUCER)
    log_in(client, "producer", "wrong")
    assert log_in(client, "producer", PASSWORD).status_code == 302


# The log ------------------------------------------------------------------------------------


def edit(client, contest: Contest, **more):
    candidates = list(contest.candidates.order_by("position"))
    fields = {
        "display_title": "",
        "display_title_es": "",
        "rule": contest.rule,
        "order": contest.order,
        "is_published": "on",
        "candidates-TOTAL_FORMS": len(candidates),
        "candidates-INITIAL_FORMS": len(candidates),
    }
    for place, one in enumerate(candidates):
        fields[f"candidates-{place}-id"] = one.pk
        fields[f"candidates-{place}-contest"] = contest.pk
    address = reverse("admin:results_contest_change", args=[contest.pk])
    response = client.post(address, fields | more)
    assert response.status_code == 302, response.content.decode()


def test_the_log_says_what_a_field_was_and_is(client, election, person):
    client.force_login(person(EDITOR))
    edit(client, Contest.objects.get(), display_title="The Senate", is_featured="on")
    entry = LogEntry.objects.get()
    assert "title shown: – → “The Senate”" in entry.change_message
    assert "featured: no → yes" in entry.change_message
    assert entry.user.username == "editor"


def test_the_log_says_which_candidate_was_renamed_and_how(client, election, person):
    client.force_login(person(EDITOR))
    place = list(Candidate.objects.order_by("position").values_list("name", flat=True)).index(
        "Schiff"
    )
    edit(
        client,
        Contest.objects.get(),
        **{
            f"candidates-{place}-display_name": "Adam Schiff",
            f"candidates-{place}-display_name_es": "",
        },
    )
    assert "name shown: – → “Adam Schiff”" in LogEntry.objects.get().change_message


def test_a_switch_of_the_current_election_is_logged(client, election, make_election, person):
    other = make_election("governor", slug="other", current=False)
    client.force_login(person(PRODUCER))
    client.post(
        reverse("admin:results_election_changelist"),
        {"action": "make_current", "_selected_action": [other.pk]},
    )
    assert Election.objects.get(is_current=True) == other
    assert f"current election: {election} → {other}" in LogEntry.objects.get().change_message


def test_the_log_is_there_to_read(client, election, person):
    client.force_login(person(EDITOR))
    edit(client, Contest.objects.get(), display_title="The Senate")
    client.force_login(get_user_model().objects.create_superuser("chief", password="x"))
    page = client.get(reverse("admin:admin_logentry_changelist")).content.decode()
    assert "The Senate" in page
