"""Alerts: what raises them, by which rule, who has seen to them, and that each is sent once."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from results import feed_state
from results.alerts import (
    DeliveryFailed,
    acknowledge,
    give_up,
    payload,
    raise_alert,
    send_delivery,
    signature,
)
from results.calls import make_call
from results.control_room import control_room
from results.models import (
    Alert,
    AlertChannel,
    AlertDelivery,
    AlertRule,
    Contest,
    Election,
    Fetch,
    RaceCall,
    Sweep,
)
from results.models.alerts import AlertKind
from results.watch import watch_feed, watch_returns
from tests.bodies import LATER, NIGHT, element, in_county, statewide

SENATE = "us-senate/county/all"
LATEST = "March 5, 2024, 10:00 p.m."


@pytest.fixture
def election(make_election) -> Election:
    return make_election(SENATE)


@pytest.fixture
def count(election, take_up):
    """Take up the Senate's votes, and watch; the alerts raised, by kind."""

    def watch(
        votes: dict[str, int], at: str = "March 5, 2024, 9:00 p.m.", precincts=(50, 100)
    ) -> dict[str, Alert]:
        done = take_up(
            election,
            {
                SENATE: [
                    statewide(votes, at=at, precincts=precincts),
                    in_county("Lake", votes, at=at, precincts=precincts),
                ]
            },
        )
        return {one.kind: one for one in watch_returns(election, done.contests, done.areas)}

    return watch


FIRST = {"Schiff": 500, "Garvey": 400, "Porter": 300}


# What raises alerts -------------------------------------------------------------------------


def test_a_county_s_first_report_is_told_once(count):
    raised = count(FIRST)
    assert raised[AlertKind.FIRST_REPORT].message == "First report of Lake County."
    assert AlertKind.FIRST_REPORT not in count({**FIRST, "Schiff": 600}, LATER)


def test_a_county_that_corrects_all_its_contests_raises_one_alert(make_election, take_up):
    unexpired = "us-senate-unexpired-term/county/all"
    election = make_election(SENATE, unexpired)
    other_title = "U.S. Senate (Partial/Unexpired Term) - {}"

    def count(schiff: int, at: str) -> list[Alert]:
        votes = {"Schiff": schiff, "Garvey": 400}
        done = take_up(
            election,
            {
                SENATE: [statewide(votes, at=at), in_county("Lake", votes, at=at)],
                unexpired: [
                    element(other_title.format("Statewide Results"), votes, at=at),
                    element(other_title.format("Lake County Results"), votes, at=at),
                ],
            },
        )
        return watch_returns(election, done.contests, done.areas)

    count(500, NIGHT)
    (alert,) = [one for one in count(450, LATER) if one.kind == AlertKind.VOTES_FELL]
    assert alert.county.name == "Lake"
    assert alert.message.startswith("Votes fell in 2 contests of Lake County, among them U.S.")


def test_falling_votes_raise_an_alert_with_the_figures(count):
    count(FIRST)
    alert = count({**FIRST, "Schiff": 450}, LATER)[AlertKind.VOTES_FELL]
    assert "Schiff 500 to 450" in alert.message
    assert alert.severity == "critical"


def test_a_fall_under_the_rule_s_threshold_raises_none(count):
    AlertRule.objects.filter(kind=AlertKind.VOTES_FELL).update(threshold=Decimal(100))
    count(FIRST)
    assert AlertKind.VOTES_FELL not in count({**FIRST, "Schiff": 450}, LATER)
    assert AlertKind.VOTES_FELL in count({**FIRST, "Schiff": 250}, LATEST)


def test_a_rule_that_is_off_raises_none(count):
    AlertRule.objects.filter(kind=AlertKind.VOTES_FELL).update(is_on=False)
    count(FIRST)
    assert AlertKind.VOTES_FELL not in count({**FIRST, "Schiff": 1}, LATER)


def test_reporting_that_goes_back_raises_an_alert(count):
    count(FIRST)
    assert AlertKind.REPORTING_FELL in count(FIRST, LATER, precincts=(40, 100))


def test_a_changed_list_of_candidates_raises_an_alert(count):
    count(FIRST)
    assert AlertKind.CANDIDATES_CHANGED in count({**FIRST, "Lee": 9}, LATER)


def test_a_lead_that_changes_raises_an_alert_naming_both(count):
    count(FIRST)
    alert = count({**FIRST, "Porter": 450}, LATER)[AlertKind.LEAD_CHANGE]
    # Two advance: what matters is who is second.
    assert alert.message == "U.S. Senate (Full Term): Porter ahead now, before it was Garvey."


def test_places_that_change_among_those_who_advance_raise_none(count):
    count(FIRST)
    assert AlertKind.LEAD_CHANGE not in count({**FIRST, "Garvey": 600}, LATER)


def test_a_lead_on_few_precincts_raises_none(count):
    count(FIRST, precincts=(1, 100))
    assert AlertKind.LEAD_CHANGE not in count({**FIRST, "Porter": 450}, LATER, precincts=(2, 100))


def test_all_precincts_raise_an_alert_and_a_narrow_margin_another(count):
    count(FIRST)
    raised = count({"Schiff": 500_000, "Garvey": 300_100, "Porter": 300_000}, LATER, (100, 100))
    assert AlertKind.ALL_PRECINCTS in raised
    assert "100 votes" in raised[AlertKind.RECOUNT_MARGIN].message


def test_a_call_that_the_count_turns_against_raises_an_alert(count, election, django_user_model):
    count(FIRST)
    senate = Contest.objects.get()
    editor = django_user_model.objects.create_superuser("editor", password="x")
    winners = list(senate.candidates.filter(name__in=["Schiff", "Garvey"]))
    make_call(senate, RaceCall.Status.CALLED, winners, editor)
    from results.call_checks import turned_calls

    count({**FIRST, "Porter": 450}, LATER)
    turned_calls(election, [senate.pk])
    assert AlertKind.CALL_CONTRADICTED in {one.kind for one in watch_returns(election, [])}


def test_a_late_feed_raises_one_alert_that_ends_by_itself(election):
    feed_state.note_check(feed_state.LastCheck(timezone.now() - timedelta(minutes=10)))
    (alert,) = watch_feed(election)
    assert alert.kind == AlertKind.FEED_LATE
    assert watch_feed(election) == []
    feed_state.note_check(feed_state.LastCheck(timezone.now()))
    watch_feed(election)
    alert.refresh_from_db()
    assert alert.over_at is not None


def test_a_paused_feed_is_not_late(election):
    Election.objects.update(feed_paused_at=timezone.now())
    election.refresh_from_db()
    feed_state.note_check(feed_state.LastCheck(timezone.now() - timedelta(minutes=10)))
    assert watch_feed(election) == []


def fetched(election, *outcomes: str) -> None:
    for outcome in outcomes:
        sweep = Sweep.objects.create(
            election=election, started_at=timezone.now(), finished_at=timezone.now()
        )
        Fetch.objects.create(
            sweep=sweep,
            path=SENATE,
            fetched_at=timezone.now(),
            outcome=outcome,
            reason="HTTP 500" if outcome == "failed" else "",
        )


def test_an_endpoint_that_fails_in_a_row_raises_one_alert(election):
    fetched(election, "failed", "failed")
    assert watch_feed(election) == []
    fetched(election, "failed")
    (alert,) = watch_feed(election)
    assert alert.message == f"{SENATE} failed 3 times in a row: HTTP 500"
    fetched(election, "failed")
    assert watch_feed(election) == []
    fetched(election, "unchanged")
    watch_feed(election)
    alert.refresh_from_db()
    assert alert.over_at is not None


def test_figures_before_the_polls_close_raise_an_alert(election):
    Election.objects.update(polls_close=timezone.now() + timedelta(days=7))
    Contest.objects.update(on_ballot=True)
    election.refresh_from_db()
    fetched(election, "changed")
    Fetch.objects.update(is_new_body=True)
    (alert,) = watch_feed(election)
    assert alert.kind == AlertKind.BEFORE_POLLS_CLOSE


def test_every_kind_has_a_rule_from_the_start(db):
    assert set(AlertRule.objects.values_list("kind", flat=True)) == set(AlertKind.values)


# Acknowledging ------------------------------------------------------------------------------


def test_an_alert_is_acknowledged_by_name_once(count, django_user_model):
    alert = count(FIRST)[AlertKind.FIRST_REPORT]
    first = django_user_model.objects.create_superuser("first", password="x")
    second = django_user_model.objects.create_superuser("second", password="x")
    assert acknowledge(alert, first)
    assert not acknowledge(alert, second)
    alert.refresh_from_db()
    assert alert.acknowledged_by == first


# Sending ------------------------------------------------------------------------------------


class Receiver:
    """A webhook's receiver: a real HTTP server that keeps what it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.received: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def alert_to(election, **channel) -> AlertDelivery:
    """An alert on its way to one channel."""
    rule = AlertRule.objects.get(kind=AlertKind.FEED_LATE)
    rule.channels.add(AlertChannel.objects.create(name="desk", **channel))
    alert = raise_alert(election, rule, "late:1", "The feed is late.")
    return alert.deliveries.get()


def test_a_webhook_gets_slack_s_form_signed(election, receiver):
    delivery = alert_to(election, kind="webhook", address=receiver.url, secret="shared")
    assert send_delivery(delivery.pk)
    ((headers, body),) = receiver.received
    assert json.loads(body)["text"] == "[Now] The feed is late."
    moment = int(headers["X-Live-Returns-Signature"].split(",")[0].removeprefix("t="))
    assert headers["X-Live-Returns-Signature"] == signature("shared", moment, body)
    assert json.loads(body) == json.loads(json.dumps(payload(delivery.alert)))


def test_nothing_is_sent_twice(election, receiver):
    delivery = alert_to(election, kind="webhook", address=receiver.url)
    assert send_delivery(delivery.pk)
    assert not send_delivery(delivery.pk)
    assert len(receiver.received) == 1


def test_what_is_being_sent_is_left_to_who_sends_it(election, receiver):
    delivery = alert_to(election, kind="webhook", address=receiver.url)
    AlertDelivery.objects.update(state="sending")
    assert not send_delivery(delivery.pk)
    assert receiver.received == []


def test_a_refused_alert_is_tried_again_and_given_up_at_last(election, receiver):
    delivery = alert_to(election, kind="webhook", address=receiver.url)
    receiver.status = 503
    with pytest.raises(DeliveryFailed, match="HTTP 503"):
        send_delivery(delivery.pk)
    receiver.status = 200
    assert send_delivery(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 2, "")
    give_up(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_a_channel_out_of_reach_is_said(election):
    delivery = alert_to(election, kind="webhook", address="http://127.0.0.1:9/hook")
    with pytest.raises(DeliveryFailed):
        send_delivery(delivery.pk)
    delivery.refresh_from_db()
    assert "refused" in delivery.error.lower() or "Error" in delivery.error


def test_an_alert_goes_by_mail(election):
    delivery = alert_to(election, kind="email", address="desk@example.com")
    assert send_delivery(delivery.pk)
    (message,) = mail.outbox
    assert message.to == ["desk@example.com"]
    assert message.subject == "[Now] The feed is late"
    assert "The feed is late." in message.body


def test_a_channel_that_is_off_gets_nothing(election):
    rule = AlertRule.objects.get(kind=AlertKind.FEED_LATE)
    off = AlertChannel.objects.create(
        name="off", kind="email", address="a@example.com", is_on=False
    )
    rule.channels.add(off)
    assert not raise_alert(election, rule, "late:1", "Late.").deliveries.exists()


@pytest.mark.parametrize(
    ("kind", "address", "said"),
    [
        ("email", "nobody", "no e-mail address"),
        ("webhook", "ftp://x.example", "begins with https"),
    ],
)
def test_a_wrong_address_is_said(db, kind, address, said):
    with pytest.raises(ValidationError, match=said):
        AlertChannel(name="x", kind=kind, address=address).full_clean()


# The control room ---------------------------------------------------------------------------


@pytest.fixture
def producer(db):
    return get_user_model().objects.create_superuser("producer", password="x")


def test_the_control_room_tells_of_the_night(client, count, election, producer):
    count(FIRST)
    fetched(election, "failed", "failed", "failed")
    watch_feed(election)
    feed_state.note_check(feed_state.LastCheck(timezone.now()))
    client.force_login(producer)
    for name in ("admin:index", "admin:control_room"):
        page = client.get(reverse(name)).content.decode()
        assert "First report of Lake County." in page
        assert "failed 3 times in a row" in page
        assert re.search(r"Feed answered \d+ s ago", page)
        assert "Los Angeles" in page


def test_the_control_room_works_before_there_is_an_election(client, producer):
    client.force_login(producer)
    assert "No election is current" in client.get(reverse("admin:index")).content.decode()


def test_an_alert_is_seen_from_the_control_room(client, count, producer):
    alert = count(FIRST)[AlertKind.FIRST_REPORT]
    client.force_login(producer)
    client.post(reverse("admin:control_acknowledge", args=[alert.pk]))
    alert.refresh_from_db()
    assert alert.acknowledged_by == producer
    assert alert.message not in client.get(reverse("admin:control_room")).content.decode()


def test_the_feed_is_paused_and_resumed(client, election, producer):
    client.force_login(producer)
    address = reverse("admin:control_feed")
    assert (
        "The feed is paused."
        in client.post(address, {"act": "pause"}, follow=True).content.decode()
    )
    from results.tasks import sweep

    assert sweep() == "the feed is paused"
    client.post(address, {"act": "resume"})
    election.refresh_from_db()
    assert election.feed_paused_at is None
    assert (
        "nothing to do that with"
        in client.post(address, {"act": "explode"}, follow=True).content.decode()
    )


def test_a_sweep_is_due_by_the_election_s_own_pace(election):
    assert feed_state.is_due(election.pk, 30)
    assert not feed_state.is_due(election.pk, 30)
    feed_state.make_due(election.pk)
    assert feed_state.is_due(election.pk, 30)


def test_featured_races_are_put_in_order(client, make_election, producer):
    election = make_election("governor", "controller", "treasurer")
    Contest.objects.update(is_featured=True)
    client.force_login(producer)
    wanted = ["treasurer", "governor", "controller"]
    keys = [Contest.objects.get(slug=slug).pk for slug in wanted]
    assert client.post(reverse("admin:control_order"), {"contest": keys}).status_code == 204
    assert list(election.contests.values_list("slug", flat=True)) == wanted
    assert client.post(reverse("admin:control_order"), {"contest": ["x"]}).status_code == 400


def test_the_control_room_lists_the_gravest_first_however_many_are_newer(election):
    raised = timezone.now()
    Alert.objects.bulk_create(
        [
            Alert(
                election=election,
                kind=AlertKind.VOTES_FELL if severity == "critical" else AlertKind.ALL_PRECINCTS,
                severity=severity,
                key=f"{severity}:{n}",
                message="",
                raised_at=raised,
            )
            for severity, count in (("critical", 1), ("info", 250))
            for n in range(count)
        ]
    )
    room = control_room(election)
    assert room.alerts[0].severity == "critical"
    assert room.alert_counts == [(1, "critical", "Now"), (250, "info", "For information")]
