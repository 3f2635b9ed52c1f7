"""What is left to count, by the counties' own estimates, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from dashboard import wording
from results.margins import Margin, deciding_margin
from results.selectors import ContestReturns
from results.unprocessed import Left, is_for_all_ballots


@dataclass(frozen=True, slots=True)
class Remaining:
    """sentence says how much is left, needed what it would take to change places."""

    sentence: str
    source: str
    needed: str


def left_sentence(left: Left | None) -> str:
    """How many ballots are left in the state, told by how many counties and when."""
    if left is None:
        return ""
    days = wording.day(left.newest)
    if left.oldest != left.newest:
        days = gettext("%(first)s to %(last)s") % {"first": wording.day(left.oldest), "last": days}
    return ngettext(
        "About %(n)s ballot not yet counted, by estimates of %(counties)s counties (%(days)s).",
        "About %(n)s ballots not yet counted, by estimates of %(counties)s counties (%(days)s).",
        left.ballots,
    ) % {"n": f"{left.ballots:,}", "counties": left.counties, "days": days}


def remaining(returns: ContestReturns, left: Left | None) -> Remaining | None:
    """What is left of a contest; None where no estimate is made for its voters alone."""
    if left is None or not is_for_all_ballots(returns.contest):
        return None
    return Remaining(
        left_sentence(left),
        "; ".join(left.sources),
        _needed(returns, deciding_margin(returns), left.ballots),
    )


def _needed(returns: ContestReturns, margin: Margin | None, ballots: int) -> str:
    if margin is None or not ballots or not margin.votes:
        return ""
    kind = returns.contest.kind
    names = {
        "ahead": wording.choice_name(str(margin.ahead.candidate), kind),
        "behind": wording.choice_name(str(margin.behind.candidate), kind),
    }
    if margin.votes > ballots:
        return gettext("%(behind)s is further behind than that many votes.") % names
    if len(returns.whole.candidates) == 2:
        percent = 50 + 50 * margin.votes / ballots
        return gettext("To draw level, %(behind)s would need %(percent)s%% of them.") % {
            **names,
            "percent": f"{percent:.1f}",
        }
    points = 100 * margin.votes / ballots
    return gettext(
        "To draw level, %(behind)s would need to be %(points)s points ahead of %(ahead)s in them."
    ) % {**names, "points": f"{points:.1f}"}
