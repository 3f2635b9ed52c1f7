"""What is called, in words: apart from who leads."""

from dataclasses import dataclass

from django.utils.translation import gettext

from dashboard import wording
from results.calls import Status
from results.models import Contest
from results.selectors import CandidateReturns, ContestReturns


@dataclass(frozen=True, slots=True)
class CallWords:
    """A call for the pages.

    text       what is called
    short      the same without names, for where those stand beside it
    detail     by whom and since when
    note       that the count says otherwise, or ""
    is_called  whether there are winners; winners are their candidates' ids
    """

    text: str
    short: str
    detail: str
    note: str
    is_called: bool
    winners: frozenset[int]


def call_words(returns: ContestReturns) -> CallWords | None:
    """What an editor's act says of a contest; None where there is none."""
    call = returns.call
    if call is None:
        return None
    standing = [one for one in returns.whole.ranked if one.candidate.pk in call.winners]
    detail = gettext("%(source)s, %(time)s") if call.source else "%(time)s"
    return CallWords(
        text=_text(returns, call.status, standing),
        short=_short(returns, call.status, standing),
        detail=detail
        % {"source": call.source, "time": wording.night_time(call.since, returns.election)},
        note=gettext("Not ahead in the count at the moment")
        if call.is_called and winner_not_leading(returns)
        else "",
        is_called=call.is_called,
        winners=call.winners if call.is_called else frozenset(),
    )


def _text(returns: ContestReturns, status: str, winners: list[CandidateReturns]) -> str:
    contest = returns.contest
    names = wording.together(
        [wording.choice_name(str(one.candidate), contest.kind) for one in winners]
    )
    match status:
        case Status.TOO_EARLY:
            return gettext("Too early to call")
        case Status.TOO_CLOSE:
            return gettext("Too close to call")
        case Status.UNABLE:
            return gettext("Unable to call")
        case Status.UNCALLED:
            return gettext("Call taken back")
        case Status.RUNOFF:
            return gettext("Called: %(names)s go on to a runoff") % {"names": names}
    if contest.kind != Contest.Kind.CANDIDATES:
        passes = any(one.candidate.name == "Yes" for one in winners)
        if contest.kind == Contest.Kind.RETENTION:
            return gettext("Called: stays in office") if passes else gettext("Called: loses office")
        return gettext("Called: passes") if passes else gettext("Called: fails")
    if contest.rule == Contest.Rule.TOP_TWO:
        return gettext("Called: %(names)s advance to November") % {"names": names}
    if contest.party:
        return gettext("Called: %(names)s wins the primary") % {"names": names}
    return gettext("Called: %(names)s wins") % {"names": names}


def _short(returns: ContestReturns, status: str, winners: list[CandidateReturns]) -> str:
    if status == Status.RUNOFF:
        return gettext("Called: a runoff")
    if status == Status.CALLED and returns.contest.kind == Contest.Kind.CANDIDATES:
        return gettext("Called")
    return _text(returns, status, winners)


def winner_not_leading(returns: ContestReturns) -> bool:
    """Whether the count has someone ahead of a winner who is none."""
    call = returns.call
    if call is None or not call.is_called or not returns.whole.total_votes:
        return False
    votes = {one.candidate.pk: one.votes for one in returns.whole.candidates}
    least = min((votes.get(pk, 0) for pk in call.winners), default=0)
    return any(count > least for pk, count in votes.items() if pk not in call.winners)
