"""What an editor holds or sets against the feed: the one place that decides what stands in public.

The feed is taken up all the same, and its own figures are always kept. A hold shows a contest as
it stood at an update of its history; an override sets one figure, with the feed's beside it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from results.models import Candidate, Contest, County, Hold, Override, Return, ReturnUpdate
from results.signals import corrections_changed


class CorrectionError(ValueError):
    """A correction that cannot be made; its text says why."""


@dataclass(frozen=True, slots=True)
class Held:
    """Since when, and why, readers see a contest as it stood."""

    since: datetime
    reason: str
    last_update: int


@dataclass(frozen=True, slots=True)
class SetFigure:
    """One figure set by an editor. county is None for the whole contest."""

    county: int | None
    candidate: int
    votes: int
    feed_votes: int
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is corrected of some contests, by contest id."""

    holds: dict[int, Held] = field(default_factory=dict)
    overrides: dict[int, list[Override]] = field(default_factory=dict)


def corrections_in_force(contest_ids: Collection[int]) -> Corrections:
    """What holds of these contests now. Two queries."""
    holds = {
        hold.contest_id: Held(hold.made_at, hold.reason, hold.last_update)
        for hold in Hold.objects.filter(contest__in=contest_ids, released_at=None)
    }
    overrides: dict[int, list[Override]] = {}
    for one in Override.objects.filter(
        contest__in=contest_ids, ended_at=None, expires_at__gt=timezone.now()
    ):
        overrides.setdefault(one.contest_id, []).append(one)
    return Corrections(holds, overrides)


def last_updates_shown(contest_ids: Collection[int]) -> dict[int, int]:
    """Of the contests among these that are held: the last update of their history that is shown."""
    held = Hold.objects.filter(contest__in=contest_ids, released_at=None)
    return dict(held.values_list("contest_id", "last_update"))


def set_figures(
    rows: Sequence[Return], overrides: Iterable[Override]
) -> tuple[list[Return], list[SetFigure]]:
    """These returns of one contest with an editor's figures in them, not to be saved."""
    by_area = {(row.county_id, row.district): row for row in rows}
    told = []
    for one in overrides:
        row = by_area.get((one.county_id, None))
        key = str(one.candidate_id)
        if row is None or key not in row.votes:
            continue
        told.append(
            SetFigure(
                one.county_id,
                one.candidate_id,
                one.votes,
                row.votes[key],
                one.reason,
                one.expires_at,
            )
        )
        row.votes = {**row.votes, key: one.votes}
        row.total_votes = sum(row.votes.values())
    return list(by_area.values()), told


@transaction.atomic
def hold(contest: Contest, reason: str, user: User) -> Hold:
    """Keep a contest as it stands. Raises CorrectionError for one that is held already."""
    if not reason.strip():
        raise CorrectionError(_("Say why: readers see it."))
    if Hold.objects.filter(contest=contest, released_at=None).exists():
        raise CorrectionError(_("This contest is held already."))
    newest = ReturnUpdate.objects.filter(returns__contest=contest).aggregate(n=Max("pk"))["n"]
    made = Hold.objects.create(
        contest=contest,
        last_update=newest or 0,
        reason=reason.strip(),
        made_by=user,
        made_at=timezone.now(),
    )
    _announce([contest])
    return made


@transaction.atomic
def release(held: Hold, user: User) -> None:
    """Show what the feed says again. Raises CorrectionError for a hold that was released."""
    held = Hold.objects.select_for_update().select_related("contest").get(pk=held.pk)
    if held.released_at is not None:
        raise CorrectionError(_("This hold was released already."))
    held.released_by_id, held.released_at = user.pk, timezone.now()
    held.save(update_fields=["released_by", "released_at"])
    _announce([held.contest])


@transaction.atomic
def override(
    candidate: Candidate,
    votes: int,
    user: User,
    *,
    county: County | None = None,
    reason: str,
    expires_at: datetime,
) -> Override:
    """Set one figure for a time; an earlier one of the same figure ends. Raises CorrectionError."""
    if not reason.strip():
        raise CorrectionError(_("Say why: readers see it."))
    now = timezone.now()
    figure = Override.objects.filter(
        contest=candidate.contest, county=county, candidate=candidate, ended_at=None
    )
    figure.update(ended_by=user, ended_at=now)
    made = Override(
        contest=candidate.contest,
        county=county,
        candidate=candidate,
        votes=votes,
        reason=reason.strip(),
        expires_at=expires_at,
        made_by=user,
        made_at=now,
    )
    try:
        made.full_clean()
    except ValidationError as reason_why:
        raise CorrectionError(" ".join(reason_why.messages)) from None
    made.save()
    _announce([candidate.contest])
    return made


@transaction.atomic
def end_override(one: Override, user: User) -> None:
    """Show the feed's figure again. Raises CorrectionError for an override that has ended."""
    one = Override.objects.select_for_update().select_related("contest").get(pk=one.pk)
    if one.ended_at is not None:
        raise CorrectionError(_("This override has ended already."))
    one.ended_by_id, one.ended_at = user.pk, timezone.now()
    one.save(update_fields=["ended_by", "ended_at"])
    _announce([one.contest])


@transaction.atomic
def end_expired() -> int:
    """End the overrides whose time is over; how many."""
    over = list(
        Override.objects.filter(ended_at=None, expires_at__lte=timezone.now()).select_related(
            "contest"
        )
    )
    if over:
        Override.objects.filter(pk__in=[one.pk for one in over]).update(ended_at=timezone.now())
        _announce([one.contest for one in over])
    return len(over)


def _announce(contests: Iterable[Contest]) -> None:
    by_election: dict[int, set[int]] = {}
    for contest in contests:
        by_election.setdefault(contest.election_id, set()).add(contest.pk)

    def send() -> None:
        for election_id, contest_ids in by_election.items():
            corrections_changed.send(Hold, election_id=election_id, contest_ids=contest_ids)

    transaction.on_commit(send)
