"""The night of one contest, from its append-only history: its course, and every update."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from results.corrections import last_updates_shown
from results.feed.counties import BY_NUMBER, CountyFact
from results.models import Candidate, Contest, ReturnUpdate


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """The whole contest at one reporting time. votes are by candidate id."""

    reported_at: datetime
    votes: dict[int, int]
    total: int
    precincts_reporting: int
    precincts_total: int

    @property
    def lead(self) -> int:
        """Votes between first and second."""
        first, second = [*sorted(self.votes.values(), reverse=True), 0, 0][:2]
        return first - second


@dataclass(frozen=True, slots=True)
class Update:
    """One report that changed votes: of a county, or of the whole where counties are not told.

    added      votes by candidate id, below 0 where a total fell
    is_first   whether it is the area's first with votes
    first, second
               the candidates in first and second place of the whole contest with the returns of
               that time; None where the whole was not told or has no two
    lead_change
               what the report did to the votes between those two
    """

    reported_at: datetime
    county: CountyFact | None
    added: dict[int, int]
    total_added: int
    is_first: bool
    votes_fell: bool
    precincts_reporting: int
    precincts_total: int
    first: int | None
    second: int | None
    lead_change: int


def course(contest: Contest, at: datetime | None = None) -> list[CoursePoint]:
    """The whole contest's states with votes, oldest first, one a reporting time. One query.

    Of two states of one time, the one taken up last counts.
    """
    found: dict[datetime, CoursePoint] = {}
    for state in _history(contest, at).filter(
        returns__county=None, returns__district=None, total_votes__gt=0
    ):
        found[state.reported_at] = CoursePoint(
            state.reported_at,
            {int(pk): votes for pk, votes in state.votes.items()},
            state.total_votes,
            state.precincts_reporting,
            state.precincts_total,
        )
    return [found[moment] for moment in sorted(found)]


def updates(contest: Contest, at: datetime | None = None, limit: int | None = None) -> list[Update]:
    """The reports that changed a contest's votes, newest first. Two queries."""
    points = course(contest, at)
    states: dict[int, list[ReturnUpdate]] = {}
    for state in _history(contest, at).filter(returns__district=None):
        states.setdefault(state.returns.county_id or 0, []).append(state)
    if len(states) > 1:
        states.pop(0, None)  # the counties' reports make up the whole
    found = []
    for county, history in states.items():
        before: dict[str, int] = {}
        for state in history:
            if state.votes == before:
                continue
            added = {
                int(pk): votes - before.get(pk, 0)
                for pk, votes in state.votes.items()
                if votes != before.get(pk, 0)
            }
            is_first = not any(before.values())
            before = state.votes
            if not added:
                continue
            first, second = _places(points, state.reported_at)
            found.append(
                Update(
                    state.reported_at,
                    BY_NUMBER[county] if county else None,
                    added,
                    sum(added.values()),
                    is_first,
                    any(votes < 0 for votes in added.values()),
                    state.precincts_reporting,
                    state.precincts_total,
                    first,
                    second,
                    added.get(first or 0, 0) - added.get(second or 0, 0),
                )
            )
    found.sort(key=lambda one: one.reported_at, reverse=True)
    return found[:limit]


def _places(points: Sequence[CoursePoint], moment: datetime) -> tuple[int | None, int | None]:
    """First and second of the whole at the first state from a moment on, else at the last."""
    if not points or len(points[0].votes) < 2:
        return None, None
    then = next((point for point in points if point.reported_at >= moment), points[-1])
    first, second = sorted(then.votes, key=lambda pk: -then.votes[pk])[:2]
    return first, second


def update_rows(contest: Contest) -> Iterator[list[object]]:
    """Every state of every area of a contest as a table's rows, its head first, oldest first."""
    candidates = list(Candidate.objects.filter(contest=contest).order_by("position"))
    yield [
        "reported_at",
        "fetched_at",
        "area",
        "county_number",
        "precincts_reporting",
        "precincts_total",
        "total_votes",
        *(f"{one.name} ({one.party})" if one.party else one.name for one in candidates),
    ]
    for state in _history(contest, None):
        county, district = state.returns.county_id, state.returns.district
        yield [
            state.reported_at.isoformat(),
            state.fetched_at.isoformat(),
            BY_NUMBER[county].slug if county else f"district-{district}" if district else "whole",
            county or "",
            state.precincts_reporting,
            state.precincts_total,
            state.total_votes,
            *(state.votes.get(str(one.pk), "") for one in candidates),
        ]


def _history(contest: Contest, at: datetime | None):
    found = ReturnUpdate.objects.filter(returns__contest=contest).select_related("returns")
    if at is not None:
        found = found.filter(stands_since__lte=at)
    last_shown = last_updates_shown([contest.pk]).get(contest.pk)
    if last_shown is not None:
        found = found.filter(pk__lte=last_shown)
    return found.order_by("pk")
