"""Reading the returns: plain values for pages, made in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from results.calls import Call, calls_in_force
from results.corrections import (
    Held,
    SetFigure,
    corrections_in_force,
    last_updates_shown,
    set_figures,
)
from results.feed.counties import BY_NUMBER, CountyFact
from results.feed.facts import Area, AreaKind
from results.models import (
    Candidate,
    Contest,
    CountyStatus,
    Election,
    Return,
    ReturnUpdate,
)


@dataclass(frozen=True, slots=True)
class CandidateReturns:
    """One candidate's (or yes's, or no's) votes in one area, in the feed's order."""

    candidate: Candidate
    votes: int


@dataclass(frozen=True, slots=True)
class AreaReturns:
    """One contest in one area. has_report is false while nothing has been received."""

    area: Area
    county: CountyFact | None
    precincts_reporting: int
    precincts_total: int
    reporting_percent: str
    total_votes: int
    reported_at: datetime | None
    changed_at: datetime | None
    candidates: tuple[CandidateReturns, ...]

    @property
    def has_report(self) -> bool:
        """Whether a count has come in: the feed lists areas with zeros before they report."""
        return self.reported_at is not None and bool(self.total_votes or self.precincts_reporting)

    @property
    def is_whole(self) -> bool:
        """Whether all of its precincts have reported, with votes."""
        return 0 < self.precincts_total == self.precincts_reporting and bool(self.total_votes)

    @property
    def ranked(self) -> tuple[CandidateReturns, ...]:
        """Most votes first; those level keep the feed's order."""
        return tuple(sorted(self.candidates, key=lambda c: -c.votes))


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """What the last change of a contest's votes did: votes added (below 0 where a total fell)."""

    reported_at: datetime
    is_first: bool
    votes_added: int
    added_by_candidate: dict[int, int]
    votes_fell: bool


@dataclass(frozen=True, slots=True)
class ContestReturns:
    """One contest: its whole area, its counties in alphabetical order, and its last update.

    last_came_from is told with the areas only: the counties whose reports made that update, ()
    where theirs do not add up to it.

    has_whole_county says whether all precincts of one of its counties have reported, with votes,
    whether or not the counties are among these values. call is what an editor's act has in force,
    held why it is shown as it stood, set_by_editor which figures are not the feed's.
    """

    contest: Contest
    election: Election
    whole: AreaReturns
    counties: tuple[AreaReturns, ...] = ()
    districts: tuple[AreaReturns, ...] = ()
    last_update: LastUpdate | None = None
    has_whole_county: bool = False
    call: Call | None = None
    held: Held | None = None
    set_by_editor: tuple[SetFigure, ...] = ()
    last_came_from: tuple[CountyFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ElectionSummary:
    """The state of the count of one election.

    counties_reporting counts the counties from which any contest has votes or precincts.
    reported_at is the newest time the feed reported, changed_at that of the newest figures.
    """

    election: Election
    contests: int
    counties_reporting: int
    counties_total: int
    precincts_reporting: int
    precincts_total: int
    reported_at: datetime | None
    changed_at: datetime | None


def current_election() -> Election | None:
    return Election.objects.filter(is_current=True).first()


def kept_elections() -> QuerySet[Election]:
    """Every election that a reader may see, newest first: all but rehearsals."""
    return Election.objects.filter(is_rehearsal=False)


def public_contests(election: Election):
    """The contests a reader may see: published, and known to be on this ballot."""
    return Contest.objects.filter(election=election, is_published=True, on_ballot=True)


def area_returns(row: Return, candidates: Sequence[Candidate]) -> AreaReturns:
    votes = row.votes
    return AreaReturns(
        area=row.area,
        county=BY_NUMBER[row.county_id] if row.county_id else None,
        precincts_reporting=row.precincts_reporting,
        precincts_total=row.precincts_total,
        reporting_percent=row.reporting_percent,
        total_votes=row.total_votes,
        reported_at=row.reported_at,
        changed_at=row.changed_at,
        candidates=tuple(CandidateReturns(c, votes.get(str(c.id), 0)) for c in candidates),
    )


def contest_returns(
    election: Election,
    contest_ids: Iterable[int] | None = None,
    *,
    areas: bool = False,
    at: datetime | None = None,
) -> list[ContestReturns]:
    """The public contests of an election in their order (only those of contest_ids, if given).

    With areas, each carries its county and district rows too; with at, the returns as they stood
    at that moment (aware). Twelve queries at most, however many contests.
    """
    # What stood at a moment is known of all rows or of none.
    all_rows = areas or at is not None
    contests = public_contests(election)
    if contest_ids is not None:
        contests = contests.filter(id__in=list(contest_ids))
    chosen = list(contests)
    for contest in chosen:
        contest.election = election
    ids = [contest.id for contest in chosen]
    candidates: dict[int, list[Candidate]] = {pk: [] for pk in ids}
    for candidate in Candidate.objects.filter(contest_id__in=ids).order_by(
        "contest_id", "position"
    ):
        candidates[candidate.contest_id].append(candidate)
    rows = Return.objects.filter(contest_id__in=ids).order_by("contest_id", "county_id", "district")
    if all_rows:
        whole_counties: set[int] = set()
    else:
        whole_counties = set(
            rows.filter(
                county__isnull=False,
                precincts_total__gt=0,
                precincts_reporting=F("precincts_total"),
                total_votes__gt=0,
            ).values_list("contest_id", flat=True)
        )
        rows = rows.filter(county=None, district=None)
    by_contest: dict[int, list[Return]] = {pk: [] for pk in ids}
    for row in rows_shown(list(rows), at):
        by_contest[row.contest_id].append(row)
    calls = calls_in_force(ids, at)
    # A past moment is shown as it was, but for what is held now.
    corrections = corrections_in_force(ids)
    found = []
    for contest in chosen:
        whole = None
        last_update = None
        counties: list[AreaReturns] = []
        districts: list[AreaReturns] = []
        of_counties: list[tuple[CountyFact, LastUpdate]] = []
        shown = by_contest[contest.id]
        set_by_editor: list[SetFigure] = []
        if at is None and contest.id in corrections.overrides:
            shown, set_by_editor = set_figures(shown, corrections.overrides[contest.id])
        for row in shown:
            value = area_returns(row, candidates[contest.id])
            if value.county is not None:
                counties.append(value)
                if update := _last_update(row):
                    of_counties.append((value.county, update))
            elif value.area.kind == AreaKind.DISTRICT:
                districts.append(value)
            else:
                whole = value
                last_update = _last_update(row)
        if whole is None:
            continue
        found.append(
            ContestReturns(
                contest,
                election,
                whole,
                tuple(counties) if areas else (),
                tuple(districts) if areas else (),
                last_update,
                contest.id in whole_counties or any(county.is_whole for county in counties),
                calls.get(contest.id),
                corrections.holds.get(contest.id),
                tuple(set_by_editor),
                _came_from(last_update, of_counties) if areas and last_update else (),
            )
        )
    return found


def rows_shown(rows: Sequence[Return], at: datetime | None = None) -> list[Return]:
    """These returns as readers are shown them, not to be saved: now, or as they stood at a moment.

    Those of a contest that is held stay as they were when that began. Two queries.
    """
    last_shown = last_updates_shown({row.contest_id for row in rows})
    if at is not None:
        return _from_history(rows, last_shown, at)
    held = [row for row in rows if row.contest_id in last_shown]
    if not held:
        return list(rows)
    stood = {row.pk: row for row in _from_history(held, last_shown)}
    return [stood.get(row.pk, row) for row in rows]


def _from_history(
    rows: Sequence[Return], last_shown: Mapping[int, int], at: datetime | None = None
) -> list[Return]:
    """Of all states that stood by then, the one taken up last; nothing received where none had."""
    history: dict[int, list[ReturnUpdate]] = {}
    updates = ReturnUpdate.objects.filter(returns__in=[row.pk for row in rows])
    if at is not None:
        updates = updates.filter(stands_since__lte=at)
    for update in updates.order_by("pk"):
        history.setdefault(update.returns_id, []).append(update)
    found = []
    for row in rows:
        last = last_shown.get(row.contest_id)
        states = [one for one in history.get(row.pk, []) if last is None or one.pk <= last]
        found.append(_as_it_stood(row, states))
    return found


def _as_it_stood(row: Return, states: Sequence[ReturnUpdate]) -> Return:
    stood = Return(
        pk=row.pk, contest_id=row.contest_id, county_id=row.county_id, district=row.district
    )
    before: dict[str, int] = {}
    for state in states:
        if state.votes != stood.votes or state.precincts_reporting != stood.precincts_reporting:
            if state.votes != stood.votes:
                before = stood.votes
            if stood.reported_at or state.total_votes or state.precincts_reporting:
                stood.changed_at = state.reported_at
        stood.votes, stood.total_votes = state.votes, state.total_votes
        stood.precincts_reporting = state.precincts_reporting
        stood.precincts_total = state.precincts_total
        stood.reporting_percent = state.reporting_percent
        stood.reported_at = state.reported_at
    stood.previous_votes = before
    return stood


def _last_update(row: Return) -> LastUpdate | None:
    """What the last change of figures did; nothing before a first report."""
    if row.changed_at is None:
        return None
    before = row.previous_votes
    added = {int(pk): votes - before.get(pk, 0) for pk, votes in row.votes.items()}
    return LastUpdate(
        reported_at=row.changed_at,
        is_first=not any(before.values()),
        votes_added=sum(added.values()),
        added_by_candidate=added,
        votes_fell=any(votes < 0 for votes in added.values()),
    )


def _came_from(
    update: LastUpdate, of_counties: Sequence[tuple[CountyFact, LastUpdate]]
) -> tuple[CountyFact, ...]:
    """The newest reports of counties that together are the whole's update, to the vote."""
    wanted = {pk: votes for pk, votes in update.added_by_candidate.items() if votes}
    added: Counter[int] = Counter()
    found = []
    for county, one in sorted(of_counties, key=lambda pair: pair[1].reported_at, reverse=True):
        for pk, votes in one.added_by_candidate.items():
            added[pk] += votes
        found.append(county)
        if {pk: votes for pk, votes in added.items() if votes} == wanted:
            return tuple(found)
    return ()


def election_summary(election: Election, at: datetime | None = None) -> ElectionSummary:
    """How far the count is, or was at a moment. Precincts are those of the whole state.

    A partisan presidential primary and a statewide office count the same precincts; a district
    has fewer, so the largest total is the state's.
    """
    rows = Return.objects.filter(
        contest__election=election, contest__is_published=True, contest__on_ballot=True
    )
    heard = Q(total_votes__gt=0) | Q(precincts_reporting__gt=0)
    widest = rows.filter(county=None, district=None).order_by("-precincts_total", "id").first()
    contests = rows.aggregate(n=Count("contest", distinct=True))["n"]
    if at is None:
        counties = rows.filter(heard, county__isnull=False).aggregate(
            n=Count("county", distinct=True)
        )
        newest = rows.aggregate(reported=Max("reported_at"), changed=Max("changed_at"))
    else:
        updates = ReturnUpdate.objects.filter(returns__in=rows, stands_since__lte=at)
        counties = updates.filter(heard, returns__county__isnull=False).aggregate(
            n=Count("returns__county", distinct=True)
        )
        newest = updates.aggregate(
            reported=Max("reported_at"), changed=Max("reported_at", filter=heard)
        )
    widest = rows_shown([widest], at)[0] if widest else None
    return ElectionSummary(
        election=election,
        contests=contests,
        counties_reporting=counties["n"],
        counties_total=len(BY_NUMBER),
        precincts_reporting=widest.precincts_reporting if widest else 0,
        precincts_total=widest.precincts_total if widest else 0,
        reported_at=newest["reported"],
        changed_at=newest["changed"],
    )


def most_votes(contests: Iterable[ContestReturns]) -> int:
    """The most votes of one contest of the whole state: at least so many ballots are counted.

    0 where no such contest is among these.
    """
    return max((one.whole.total_votes for one in contests if not one.contest.district), default=0)


def contest_areas(election: Election) -> dict[int, set[int]]:
    """The numbers of the counties in which each public contest is voted on, by contest id."""
    found: dict[int, set[int]] = {}
    rows = Return.objects.filter(contest__in=public_contests(election), county__isnull=False)
    for contest, county in rows.values_list("contest_id", "county_id"):
        found.setdefault(contest, set()).add(county)
    return found


@dataclass(frozen=True, slots=True)
class CountyCount:
    """How far one county's count is.

    first_report, last_report  times of its reports with votes or precincts, None before any
    reports                    how many times its figures changed
    votes                      ballots counted in the contest that most counties have
    status                     what the feed's status endpoint tells of it, if it was served
    """

    county: CountyFact
    precincts_reporting: int
    precincts_total: int
    reporting_percent: str
    votes: int
    first_report: datetime | None
    last_report: datetime | None
    reports: int
    status: CountyStatus | None

    @property
    def has_report(self) -> bool:
        return bool(self.votes or self.precincts_reporting)


def county_counts(election: Election, at: datetime | None = None) -> list[CountyCount]:
    """Every county's count, by the public statewide contest that most counties have. Four queries.

    Empty where no contest has rows by county.
    """
    statewide = (
        Return.objects.filter(
            contest__in=public_contests(election).filter(district=0), county__isnull=False
        )
        .values("contest_id")
        .annotate(n=Count("pk"), votes=Sum("total_votes"))
        .order_by("-n", "-votes", "contest__order")
        .first()
    )
    if statewide is None:
        return []
    rows = list(
        Return.objects.filter(contest_id=statewide["contest_id"], county__isnull=False).order_by(
            "county_id"
        )
    )
    heard = ReturnUpdate.objects.filter(returns__in=rows).filter(
        Q(total_votes__gt=0) | Q(precincts_reporting__gt=0)
    )
    if at is not None:
        heard = heard.filter(stands_since__lte=at)
    rows = rows_shown(rows, at)
    reports = {
        one["returns__county_id"]: one
        for one in heard.values("returns__county_id").annotate(
            first=Min("reported_at"), last=Max("reported_at"), n=Count("reported_at", distinct=True)
        )
    }
    statuses = {
        status.county_id: status for status in CountyStatus.objects.filter(election=election)
    }
    found = []
    for row in rows:
        assert row.county_id is not None  # noqa: S101 - the filter above says so
        told: Mapping[str, Any] = reports.get(row.county_id) or {}
        found.append(
            CountyCount(
                BY_NUMBER[row.county_id],
                row.precincts_reporting,
                row.precincts_total,
                row.reporting_percent,
                row.total_votes,
                told.get("first"),
                told.get("last"),
                told.get("n", 0),
                statuses.get(row.county_id) if at is None else None,
            )
        )
    return found
