"""Race calls: the one rule of what is called, and what an editor is warned of.

A call and a lead are two facts. A lead follows from the votes; a call is an editor's act.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from results.models import Candidate, Contest, RaceCall
from results.signals import calls_changed

Status = RaceCall.Status
WITH_WINNERS = (Status.CALLED, Status.RUNOFF)


class CallError(ValueError):
    """An act that cannot be made; its text says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is in force for a contest.

    winners    ids of candidates: those who won or advance; of a measure its Yes or its No
    since      when it came into force
    taken_back whether an earlier call was retracted by it
    """

    status: str
    winners: frozenset[int]
    source: str
    since: datetime

    @property
    def is_called(self) -> bool:
        return self.status in WITH_WINNERS

    @property
    def taken_back(self) -> bool:
        return self.status == Status.UNCALLED


def in_force_since(act: RaceCall) -> datetime | None:
    """The moment from which an act is in force; None while a second person has to confirm it."""
    if act.needs_confirmation and act.confirmed_at is None:
        return None
    moments = (act.made_at, act.confirmed_at, act.embargo_until)
    return max(moment for moment in moments if moment is not None)


def calls_in_force(
    contests: Iterable[int] | None = None, at: datetime | None = None
) -> dict[int, Call]:
    """What is in force of these contests (all, if None), or was at a moment, by contest id.

    This is the one place that decides it: the act made last of those in force by then. Two
    queries.
    """
    now = at or timezone.now()
    acts = RaceCall.objects.prefetch_related("winners").order_by("id").filter(made_at__lte=now)
    if contests is not None:
        acts = acts.filter(contest__in=list(contests))
    found: dict[int, Call] = {}
    for act in acts:
        since = in_force_since(act)
        if since is not None and since <= now:
            winners = frozenset(winner.pk for winner in act.winners.all())
            found[act.contest_id] = Call(act.status, winners, act.source, since)
    return found


def winners_expected(contest: Contest, status: str, candidates: int) -> int:
    """How many win: two where two advance or go on to a runoff."""
    if contest.rule == Contest.Rule.TOP_TWO or status == Status.RUNOFF:
        return min(2, candidates)
    return 1


@transaction.atomic
def make_call(
    contest: Contest,
    status: str,
    winners: Sequence[Candidate],
    user: User,
    *,
    source: str = "",
    note: str = "",
    embargo_until: datetime | None = None,
    warnings: Sequence[str] = (),
) -> RaceCall:
    """Add an act. Raises CallError where it does not fit the contest."""
    if status not in Status.values:
        raise CallError(_("There is no status “%(status)s”.") % {"status": status})
    if any(winner.contest_id != contest.pk for winner in winners):
        raise CallError(_("A winner must stand in this contest."))
    if status in WITH_WINNERS:
        expected = winners_expected(contest, status, contest.candidates.count())
        if len(set(winners)) != expected:
            raise CallError(
                _("Choose exactly two who advance.") if expected == 2 else _("Choose one winner.")
            )
        if status == Status.RUNOFF and contest.kind != Contest.Kind.CANDIDATES:
            raise CallError(_("A measure has no runoff."))
    elif winners:
        raise CallError(_("Only a call or a runoff has winners."))
    if status == Status.UNCALLED and not calls_in_force([contest.pk]).get(contest.pk):
        raise CallError(_("Nothing is called that could be taken back."))
    act = RaceCall.objects.create(
        contest=contest,
        status=status,
        source=source,
        note=note,
        embargo_until=embargo_until,
        warnings="\n".join(warnings),
        made_by=user,
        made_at=timezone.now(),
        # To take a call back must never wait for anybody.
        needs_confirmation=contest.election.calls_need_two and status in WITH_WINNERS,
    )
    act.winners.set(winners)
    announce_due()
    return act


@transaction.atomic
def confirm_call(act: RaceCall, user: User) -> None:
    """A second person's consent.

    Raises CallError if that is the first one, or if the act waits for nobody.
    """
    act = RaceCall.objects.select_for_update().get(pk=act.pk)
    if not act.needs_confirmation or act.confirmed_at is not None:
        raise CallError(_("This act waits for nobody."))
    if act.made_by_id == user.pk:
        raise CallError(_("A second person has to confirm it."))
    if RaceCall.objects.filter(contest=act.contest_id, pk__gt=act.pk).exists():
        raise CallError(_("A later act stands: make a new one."))
    act.confirmed_by_id, act.confirmed_at = user.pk, timezone.now()
    act.save(update_fields=["confirmed_by", "confirmed_at"])
    announce_due()


def announce_due() -> int:
    """Have the pages of acts that came into force made anew, once for each; how many there were.

    Asked regularly, it also finds those whose embargo has passed.
    """
    now = timezone.now()
    due = list(
        RaceCall.objects.filter(announced=False)
        .filter(Q(needs_confirmation=False) | Q(confirmed_at__isnull=False))
        .filter(Q(embargo_until__isnull=True) | Q(embargo_until__lte=now))
        .select_related("contest")
    )
    if not due:
        return 0
    RaceCall.objects.filter(pk__in=[act.pk for act in due]).update(announced=True)
    by_election: dict[int, set[int]] = {}
    for act in due:
        by_election.setdefault(act.contest.election_id, set()).add(act.contest_id)

    def send() -> None:
        for election_id, contest_ids in by_election.items():
            calls_changed.send(RaceCall, election_id=election_id, contest_ids=contest_ids)

    transaction.on_commit(send)
    return len(due)
