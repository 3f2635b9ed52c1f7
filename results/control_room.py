"""The night at a glance, for the newsroom: feed, counties, alerts, and what waits for an editor."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Case, Count, When
from django.utils import timezone

from results import feed_state
from results.alerts import Severity
from results.calls import in_force_since
from results.models import (
    Alert,
    AlertDelivery,
    Contest,
    Election,
    Fetch,
    Hold,
    Override,
    RaceCall,
    Rehearsal,
    Sweep,
)
from results.selectors import CountyCount, county_counts
from results.sweeps import feed_url

LISTED = 8
"""Alerts of the control room; the others are a click away."""
QUIET_AFTER_MINUTES = 120
"""Minutes without a report after which a county that counts still stands out: they report at
least every two hours on the night."""


@dataclass(frozen=True, slots=True)
class CountyAge:
    """One county: minutes since its last report by the feed's clock, None before the first."""

    name: str
    slug: str
    minutes: int | None
    percent: int
    is_done: bool

    @property
    def state(self) -> str:
        if self.minutes is None:
            return "waiting"
        if self.is_done:
            return "done"
        return "quiet" if self.minutes > QUIET_AFTER_MINUTES else "fresh"


@dataclass(frozen=True, slots=True)
class ControlRoom:
    """All that the control room shows of one election."""

    election: Election
    feed_url: str
    state: str
    age_seconds: int | None
    poll_seconds: float
    sweeps: Sequence[Sweep]
    failing: Sequence[tuple[str, int, str]]
    counties: Sequence[CountyAge]
    alerts: Sequence[Alert]
    alerts_left_out: int
    alert_counts: Sequence[tuple[int, str, str]]
    failed_deliveries: int
    waiting_calls: Sequence[RaceCall]
    embargoed_calls: Sequence[RaceCall]
    holds: Sequence[Hold]
    overrides: Sequence[Override]
    featured: Sequence[Contest]
    rehearsals: Sequence[Rehearsal] = ()


def control_room(election: Election) -> ControlRoom:
    """The state of one election's night."""
    check = feed_state.last_check()
    open_alerts = Alert.objects.filter(election=election, acknowledged_at=None, over_at=None)
    ranked = open_alerts.select_related("contest__election", "county").order_by(
        Case(*(When(severity=one, then=place) for place, one in enumerate(_SEVEREST))), "-pk"
    )
    counts = Counter(open_alerts.order_by().values_list("severity", flat=True))
    acts = list(
        RaceCall.objects.filter(contest__election=election)
        .select_related("contest", "made_by")
        .prefetch_related("winners")
        .order_by("contest", "-id")
    )
    newest: dict[int, RaceCall] = {}
    for act in acts:
        newest.setdefault(act.contest_id, act)
    now = timezone.now()
    unconfirmed = [act for act in newest.values() if in_force_since(act) is None]
    later = [act for act in newest.values() if (since := in_force_since(act)) and since > now]
    return ControlRoom(
        election=election,
        feed_url=feed_url(election),
        state=feed_status(election, check),
        age_seconds=check.age_seconds if check else None,
        poll_seconds=float(election.poll_seconds or settings.POLL_SECONDS),
        sweeps=list(Sweep.objects.filter(election=election, finished_at__isnull=False)[:5]),
        failing=_failing(election),
        counties=_county_ages(county_counts(election), check),
        alerts=list(ranked[:LISTED]),
        alerts_left_out=max(0, sum(counts.values()) - LISTED),
        alert_counts=[(counts[one], one.value, str(one.label)) for one in _SEVEREST if counts[one]],
        failed_deliveries=AlertDelivery.objects.filter(
            state__in=[AlertDelivery.State.FAILED, AlertDelivery.State.GIVEN_UP]
        ).count(),
        waiting_calls=unconfirmed,
        embargoed_calls=later,
        holds=list(
            Hold.objects.filter(contest__election=election, released_at=None).select_related(
                "contest", "made_by"
            )
        ),
        overrides=list(
            Override.objects.filter(contest__election=election, ended_at=None).select_related(
                "contest", "candidate", "county"
            )
        ),
        featured=list(election.contests.filter(is_featured=True)),
        rehearsals=list(Rehearsal.objects.select_related("election")),
    )


_SEVEREST = [Severity.CRITICAL, Severity.WARNING, Severity.INFO]


def feed_status(election: Election, check: feed_state.LastCheck | None) -> str:
    """ "paused", "never", "late" or "ok"."""
    if election.feed_paused_at is not None:
        return "paused"
    if check is None:
        return "never"
    return "late" if check.age_seconds > settings.FEED_LATE_SECONDS else "ok"


def _failing(election: Election) -> list[tuple[str, int, str]]:
    """(endpoint, failures, the newest reason) of the last hundred sweeps, most failures first."""
    sweeps = list(Sweep.objects.filter(election=election).values_list("pk", flat=True)[:100])
    failed = Fetch.objects.filter(sweep__in=sweeps, outcome=Fetch.Outcome.FAILED)
    counted = failed.values("path").annotate(n=Count("pk")).order_by("-n", "path")[:6]
    return [
        (one["path"], one["n"], failed.filter(path=one["path"]).values_list("reason", flat=True)[0])
        for one in counted
    ]


def _county_ages(
    counts: Sequence[CountyCount], check: feed_state.LastCheck | None
) -> list[CountyAge]:
    now = (check.feed_time or check.checked_at) if check else timezone.now()
    return [
        CountyAge(
            name=one.county.name,
            slug=one.county.slug,
            minutes=_minutes(one.last_report, now),
            percent=100 * one.precincts_reporting // max(1, one.precincts_total),
            is_done=0 < one.precincts_total == one.precincts_reporting,
        )
        for one in counts
    ]


def _minutes(then: datetime | None, now: datetime) -> int | None:
    return None if then is None else max(0, int((now - then).total_seconds() // 60))


def order_featured(election: Election, wanted: Sequence[int]) -> list[tuple[Contest, int]]:
    """Put these featured contests in this order among the places they have; those that moved.

    Each with the order it had before.
    """
    chosen = {contest.pk: contest for contest in election.contests.filter(pk__in=wanted)}
    contests = [chosen[pk] for pk in dict.fromkeys(wanted) if pk in chosen]
    places = sorted(contest.order for contest in contests)
    # Places that are the same would leave the order to chance.
    places = (
        [place + n for n, place in enumerate(places)] if len(set(places)) < len(places) else places
    )
    moved = []
    for contest, place in zip(contests, places, strict=True):
        if contest.order != place:
            before, contest.order = contest.order, place
            contest.save(update_fields=["order"])
            moved.append((contest, before))
    return moved
