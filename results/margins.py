"""How far apart the places are that decide a contest. One rule for lists, filters and pages."""

from dataclasses import dataclass

from results.models import Contest
from results.selectors import CandidateReturns, ContestReturns

CLOSE_POINTS = 2.0
"""Points between the deciding places under which a contest is close, as the Secretary of State
lists them: less than two percent between first and second, or yes and no."""


@dataclass(frozen=True, slots=True)
class Margin:
    """The gap between two places that decide something.

    ahead, behind  who stand there
    places         1 for first and second (or yes and no), 2 for second and third of a top two
    votes, points  the gap in votes, and in percentage points of all votes of the contest
    """

    ahead: CandidateReturns
    behind: CandidateReturns
    places: int
    votes: int
    points: float


def deciding_margin(returns: ContestReturns) -> Margin | None:
    """The narrowest gap that decides a contest; None before votes, or where nothing is decided.

    Of a top two, that between second and third; first and second both go on.
    """
    whole = returns.whole
    if not whole.total_votes:
        return None
    place = 2 if returns.contest.rule == Contest.Rule.TOP_TWO else 1
    ranked = whole.ranked
    if len(ranked) <= place:
        return None
    ahead, behind = ranked[place - 1], ranked[place]
    votes = ahead.votes - behind.votes
    return Margin(ahead, behind, place, votes, 100 * votes / whole.total_votes)


def is_close(margin: Margin | None) -> bool:
    return margin is not None and margin.points < CLOSE_POINTS
