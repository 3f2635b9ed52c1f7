from hypothesis import given
from hypothesis import strategies as st

from results.feed.facts import WHOLE
from results.margins import deciding_margin, is_close
from results.models import Candidate, Contest, Election
from results.selectors import AreaReturns, CandidateReturns, ContestReturns

MANY_VOTES = st.lists(st.integers(0, 10_000_000), min_size=0, max_size=61)


def returns(votes: list[int], rule: str = Contest.Rule.PLURALITY) -> ContestReturns:
    standing = tuple(
        CandidateReturns(Candidate(pk=n, name=f"C{n}"), votes) for n, votes in enumerate(votes)
    )
    whole = AreaReturns(WHOLE, None, 1, 2, "50.0%", sum(votes), None, None, standing)
    return ContestReturns(Contest(rule=rule, kind="candidates"), Election(), whole)


def test_a_plurality_is_decided_between_first_and_second():
    margin = deciding_margin(returns([30, 50, 20]))
    assert (margin.votes, margin.points, margin.places) == (20, 20.0, 1)


def test_a_top_two_is_decided_between_second_and_third():
    margin = deciding_margin(returns([30, 50, 20], Contest.Rule.TOP_TWO))
    assert (margin.ahead.votes, margin.behind.votes, margin.places) == (30, 20, 2)


def test_two_points_apart_is_not_close_and_less_is():
    assert not is_close(deciding_margin(returns([51, 49])))
    assert is_close(deciding_margin(returns([5_099, 4_901])))


@given(MANY_VOTES, st.sampled_from(list(Contest.Rule)))
def test_a_margin_is_the_gap_of_the_ranked_votes_or_none(votes, rule):
    place = 2 if rule == Contest.Rule.TOP_TWO else 1
    margin = deciding_margin(returns(votes, rule))
    if not sum(votes) or len(votes) <= place:
        assert margin is None
    else:
        ranked = sorted(votes, reverse=True)
        assert margin.votes == ranked[place - 1] - ranked[place]
        assert 0 <= margin.points <= 100
