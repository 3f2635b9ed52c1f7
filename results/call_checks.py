"""What the numbers say against a call: before it is made, and as long as it stands."""

from collections.abc import Iterable, Sequence

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from results.calls import WITH_WINNERS
from results.feed.represent import candidate_percent
from results.models import Candidate, Contest, Election, ReturnNotice
from results.selectors import ContestReturns, contest_returns
from results.signals import returns_changed

UNSURE_PERCENT = 50.0
"""Percent of precincts under which an editor is warned that little is counted."""


def doubts(returns: ContestReturns, winners: Sequence[Candidate]) -> list[str]:
    """What of the count contradicts a call of these winners, in words; [] if nothing does."""
    whole = returns.whole
    if not whole.total_votes:
        return [_("No votes have been received of this contest.")]
    found = []
    chosen = {winner.pk for winner in winners}
    votes = {one.candidate.pk: one.votes for one in whole.candidates}
    for winner in winners:
        ahead = [
            one
            for one in whole.ranked
            if one.candidate.pk not in chosen and one.votes > votes.get(winner.pk, 0)
        ]
        if ahead:
            found.append(
                _("%(ahead)s has more votes (%(more)s) than %(winner)s (%(votes)s).")
                % {
                    "ahead": ahead[0].candidate,
                    "more": f"{ahead[0].votes:,}",
                    "winner": winner,
                    "votes": f"{votes.get(winner.pk, 0):,}",
                }
            )
    if returns.contest.rule == Contest.Rule.MAJORITY and len(winners) == 1:
        share = candidate_percent(votes.get(winners[0].pk, 0), whole.total_votes)
        if 2 * votes.get(winners[0].pk, 0) <= whole.total_votes:
            found.append(
                _("%(winner)s has %(share)s%%, no majority.")
                % {"winner": winners[0], "share": share}
            )
    reporting, total = whole.precincts_reporting, whole.precincts_total
    if total and 100 * reporting < UNSURE_PERCENT * total:
        percent = f"{100 * reporting / total:.0f}%"
        found.append(_("Only %(percent)s of precincts have reported.") % {"percent": percent})
    return found


def turned_calls(election: Election, contest_ids: Iterable[int]) -> list[ReturnNotice]:
    """Note for staff each call whose winner the count has fallen behind, once for each call."""
    noticed = []
    for one in contest_returns(election, contest_ids):
        call = one.call
        if call is None or call.status not in WITH_WINNERS or not one.whole.total_votes:
            continue
        votes = {c.candidate.pk: c.votes for c in one.whole.candidates}
        least = min((votes.get(pk, 0) for pk in call.winners), default=0)
        if all(count <= least for pk, count in votes.items() if pk not in call.winners):
            continue
        told = ReturnNotice.objects.filter(
            contest=one.contest,
            kind=ReturnNotice.Kind.CALL_CONTRADICTED,
            noticed_at__gte=call.since,
        )
        if not told.exists():
            leader = one.whole.ranked[0].candidate
            noticed.append(
                ReturnNotice(
                    election=election,
                    contest=one.contest,
                    kind=ReturnNotice.Kind.CALL_CONTRADICTED,
                    message=f"{one.contest}: called, but {leader} is ahead in the count now.",
                    noticed_at=timezone.now(),
                )
            )
    return ReturnNotice.objects.bulk_create(noticed)


@receiver(returns_changed, dispatch_uid="watch-calls")
def watch_calls(sender, election_id: int, contest_ids: set[int], **kwargs) -> None:
    called = set(
        Contest.objects.filter(pk__in=contest_ids, calls__isnull=False).values_list("pk", flat=True)
    )
    if called:
        turned_calls(Election.objects.get(pk=election_id), called)
