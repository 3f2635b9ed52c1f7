"""Raising alerts, each once, and sending them where the rules say, at most once."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from decimal import Decimal
from smtplib import SMTPException
from typing import Any

import urllib3
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from results.models import Alert, AlertChannel, AlertDelivery, AlertRule, Contest, County, Election
from results.models.alerts import AlertKind

State, Severity = AlertDelivery.State, AlertRule.Severity

DEFAULTS: dict[str, tuple[str, Decimal | None]] = {
    AlertKind.FEED_LATE: (Severity.CRITICAL, Decimal(180)),
    AlertKind.ENDPOINT_FAILING: (Severity.WARNING, Decimal(3)),
    AlertKind.VOTES_FELL: (Severity.CRITICAL, Decimal(1)),
    AlertKind.REPORTING_FELL: (Severity.WARNING, None),
    AlertKind.WENT_BACK: (Severity.WARNING, None),
    AlertKind.CANDIDATES_CHANGED: (Severity.CRITICAL, None),
    AlertKind.CONTEST_MISSING: (Severity.WARNING, None),
    AlertKind.PERCENT_DIFFERS: (Severity.WARNING, None),
    AlertKind.BEFORE_POLLS_CLOSE: (Severity.WARNING, None),
    AlertKind.CALL_CONTRADICTED: (Severity.CRITICAL, None),
    AlertKind.LEAD_CHANGE: (Severity.INFO, Decimal(10)),
    AlertKind.FIRST_REPORT: (Severity.INFO, None),
    AlertKind.ALL_PRECINCTS: (Severity.INFO, None),
    AlertKind.RECOUNT_MARGIN: (Severity.WARNING, Decimal("0.5")),
}
"""Severity and threshold of each kind, as a newsroom finds them.

Thresholds are seconds without a sweep, failures in a row, votes that fell, percent of precincts
from which a lead counts, and points between the places that matter.
"""

_COLOURS = {Severity.INFO: "#50565f", Severity.WARNING: "#b45309", Severity.CRITICAL: "#b42d2a"}
TIMEOUT = urllib3.Timeout(connect=3, read=7)


class DeliveryFailed(Exception):
    """A channel did not take an alert; its text says why."""


def rules() -> dict[str, AlertRule]:
    """The rule of each kind; those that are off are left out."""
    return {rule.kind: rule for rule in AlertRule.objects.filter(is_on=True)}


@transaction.atomic
def raise_alert(
    election: Election,
    rule: AlertRule,
    key: str,
    message: str,
    *,
    contest: Contest | None = None,
    county: County | None = None,
) -> Alert | None:
    """Raise an alert and put it on its way; None where this was told already."""
    alert, is_new = Alert.objects.get_or_create(
        election=election,
        key=key[:200],
        defaults={
            "kind": rule.kind,
            "severity": rule.severity,
            "message": f"REHEARSAL: {message}" if election.is_rehearsal else message,
            "contest": contest,
            "county": county,
            "raised_at": timezone.now(),
        },
    )
    if not is_new:
        return None
    deliveries = [
        AlertDelivery.objects.create(alert=alert, channel=channel)
        for channel in rule.channels.filter(is_on=True)
    ]
    _send_after_commit([one.pk for one in deliveries])
    return alert


def _send_after_commit(deliveries: Sequence[int]) -> None:
    from results.tasks import deliver

    def send() -> None:
        for pk in deliveries:
            deliver.delay(pk)

    if deliveries:
        transaction.on_commit(send)


def acknowledge(alert: Alert, user: User) -> bool:
    """Note who has seen to an alert; false if somebody had before."""
    return bool(
        Alert.objects.filter(pk=alert.pk, acknowledged_at=None).update(
            acknowledged_by=user, acknowledged_at=timezone.now()
        )
    )


def send_delivery(pk: int) -> bool:
    """Send one alert to one channel; false if it is sent, being sent, or gone.

    Of all who try, one takes it; who dies while sending leaves it at that, since nobody can know
    whether it arrived. Raises DeliveryFailed where the channel refused it.
    """
    taken = AlertDelivery.objects.filter(pk=pk, state__in=[State.WAITING, State.FAILED]).update(
        state=State.SENDING
    )
    if not taken:
        return False
    delivery = AlertDelivery.objects.select_related(
        "alert__election", "alert__contest", "channel"
    ).get(pk=pk)
    delivery.attempts += 1
    try:
        if delivery.channel.kind == AlertChannel.Kind.EMAIL:
            _mail(delivery)
        else:
            _post(delivery)
    except DeliveryFailed as reason:
        delivery.state, delivery.error = State.FAILED, str(reason)[:300]
        delivery.save()
        raise
    delivery.state, delivery.error = State.SENT, ""
    delivery.save()
    return True


def give_up(pk: int) -> None:
    AlertDelivery.objects.filter(pk=pk, state=State.FAILED).update(state=State.GIVEN_UP)


def _mail(delivery: AlertDelivery) -> None:
    alert = delivery.alert
    lines = [alert.message, "", f"{alert.election}, {alert.get_severity_display()}"]
    try:
        send_mail(
            f"[{alert.get_severity_display()}] {alert.get_kind_display()}",
            "\n".join(lines),
            None,
            [delivery.channel.address],
        )
    except (SMTPException, OSError) as reason:
        raise DeliveryFailed(f"{type(reason).__name__}: {reason}") from reason


def payload(alert: Alert) -> dict[str, Any]:
    """An alert in the form that Slack's incoming webhooks take."""
    return {
        "text": f"[{alert.get_severity_display()}] {alert.message}",
        "attachments": [
            {
                "color": _COLOURS[Severity(alert.severity)],
                "fallback": alert.message,
                "fields": [
                    {"title": alert.get_kind_display(), "value": alert.message, "short": False},
                    {"title": str(alert.election), "value": alert.severity, "short": True},
                ],
                "ts": int(alert.raised_at.timestamp()),
            }
        ],
    }


def signature(secret: str, moment: int, body: bytes) -> str:
    """What proves that a body is ours: HMAC-SHA256 over the moment, a dot, and the body."""
    signed = f"{moment}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _post(delivery: AlertDelivery) -> None:
    body = json.dumps(payload(delivery.alert)).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "live-returns",
        "X-Live-Returns-Delivery": str(delivery.pk),
    }
    if delivery.channel.secret:
        headers["X-Live-Returns-Signature"] = signature(
            delivery.channel.secret, int(time.time()), body
        )
    try:
        answer = urllib3.request(
            "POST",
            delivery.channel.address,
            body=body,
            headers=headers,
            timeout=TIMEOUT,
            retries=False,
            redirect=False,
        )
    except urllib3.exceptions.HTTPError as reason:
        raise DeliveryFailed(f"{type(reason).__name__}: {reason}") from reason
    if not 200 <= answer.status < 300:
        said = answer.data[:120].decode("utf-8", "replace")
        raise DeliveryFailed(f"HTTP {answer.status}: {said}")
