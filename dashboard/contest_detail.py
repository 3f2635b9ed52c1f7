"""What a contest's own page shows below its card: all candidates, and the count by area."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from dashboard import addresses, cards, wording
from dashboard.course_chart import family_name
from dashboard.remaining import Remaining, remaining
from results.feed.represent import candidate_percent
from results.models import Contest
from results.selectors import AreaReturns, CandidateReturns, ContestReturns
from results.unprocessed import Left

COLUMNS = 4
"""Candidates who have a column in the table of counties."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One candidate in one area; order is what a sorted column goes by."""

    key: str
    votes: int
    votes_text: str
    percent: str
    order: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One county (or congressional district) of a contest.

    lead   the name ahead there and by how many points; lead_points the points alone
    share  of all votes of the contest
    """

    name: str
    url: str
    has_report: bool
    cells: tuple[Cell, ...]
    total: str
    lead: str
    lead_points: str
    share: str
    precincts: str
    counts: str
    reported_at: str
    reported_iso: str


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    party_letter: str
    party_class: str


@dataclass(frozen=True, slots=True)
class AreaTable:
    caption: str
    area_heading: str
    columns: tuple[Column, ...]
    rows: tuple[AreaRow, ...]
    others_note: str


@dataclass(frozen=True, slots=True)
class ContestDetail:
    """rows are all candidates, where the card folds some of them away; else none."""

    slug: str
    has_report: bool
    rows: tuple[cards.Row, ...]
    candidates_heading: str
    tables: tuple[AreaTable, ...]
    remaining: Remaining | None
    corrections: tuple[str, ...] = ()


def contest_detail(returns: ContestReturns, left: Left | None = None) -> ContestDetail:
    """All of a contest, from the first candidate to the last county, and what is left to count."""
    contest = returns.contest
    leaders = {one.candidate.pk for one in cards.leading(returns)}
    rows = cards.candidate_rows(returns.whole, contest, leaders)
    if len(rows) <= cards.SHOWN_ROWS + 1:
        rows = ()
    tables = []
    if returns.counties:
        tables.append(
            _table(returns, returns.counties, gettext("Count by county"), gettext("County"))
        )
    if returns.districts:
        tables.append(
            _table(
                returns,
                returns.districts,
                gettext("Count by congressional district"),
                gettext("District"),
            )
        )
    return ContestDetail(
        contest.slug,
        returns.whole.has_report,
        rows,
        gettext("All candidates"),
        tuple(tables),
        remaining(returns, left),
        cards.county_corrections(returns),
    )


def _table(
    returns: ContestReturns, areas: Sequence[AreaReturns], caption: str, heading: str
) -> AreaTable:
    whole, contest = returns.whole, returns.contest
    if contest.kind == Contest.Kind.CANDIDATES and whole.has_report:
        columns = whole.ranked[:COLUMNS]
    else:
        columns = whole.candidates[:COLUMNS]
    left_out = len(whole.candidates) - len(columns)
    note = (
        gettext("The %(n)d with the most votes have a column; totals count all candidates.")
        % {"n": len(columns)}
        if left_out
        else ""
    )
    return AreaTable(
        caption=caption,
        area_heading=heading,
        columns=tuple(_column(one, contest) for one in columns),
        rows=tuple(_area_row(area, columns, returns) for area in areas),
        others_note=note,
    )


def _column(one: CandidateReturns, contest: Contest) -> Column:
    candidate = one.candidate
    yes_no = contest.kind != Contest.Kind.CANDIDATES
    return Column(
        name=wording.choice_name(str(candidate), contest.kind),
        party_letter=wording.PARTY_LETTERS.get(candidate.party, ""),
        party_class=candidate.name.lower() if yes_no else wording.party_class(candidate.party),
    )


def _area_row(
    area: AreaReturns, columns: Sequence[CandidateReturns], returns: ContestReturns
) -> AreaRow:
    name = (
        area.county.name
        if area.county
        else gettext("District %(number)d") % {"number": area.area.number}
    )
    votes = {one.candidate.pk: one.votes for one in area.candidates}
    most = max(votes.values(), default=0)
    precincts = cards.precincts(area)
    lead, points = _lead(area, returns)
    heard_at = area.reported_at if area.has_report else None
    return AreaRow(
        name=name,
        url=addresses.county(area.county.slug) if area.county else "",
        has_report=area.has_report,
        cells=tuple(
            _cell(area, one.candidate.pk, votes.get(one.candidate.pk, 0), most) for one in columns
        ),
        total=f"{area.total_votes:,}",
        lead=lead,
        lead_points=points,
        share=share_text(area.total_votes, returns.whole.total_votes),
        precincts=precincts.percent,
        counts=precincts.counts,
        reported_at=wording.night_time(heard_at, returns.election) if heard_at else "",
        reported_iso=heard_at.isoformat() if heard_at else "",
    )


def _lead(area: AreaReturns, returns: ContestReturns) -> tuple[str, str]:
    """Who is ahead in an area and by how many points; the points alone, to sort by."""
    ranked = area.ranked
    if len(ranked) < 2 or not area.total_votes:
        return "", "0"
    points = 100 * (ranked[0].votes - ranked[1].votes) / area.total_votes
    if not points:
        return gettext("Tied"), "0"
    name = wording.choice_name(str(ranked[0].candidate), returns.contest.kind)
    text = "<0.1" if points < 0.05 else f"{points:.1f}"
    return f"{family_name(name)} +{text}", f"{points:.4f}"


def share_text(votes: int, of_all: int) -> str:
    """A share of all votes, that never rounds some votes to none."""
    percent = candidate_percent(votes, of_all)
    return "<0.1%" if votes and percent == "0.0" else f"{percent}%"


def _cell(area: AreaReturns, candidate: int, votes: int, most: int) -> Cell:
    place = area.county.number if area.county else 100 + area.area.number
    return Cell(
        key=f"v{candidate}-{place}",
        votes=votes,
        votes_text=f"{votes:,}",
        percent=(percent := f"{candidate_percent(votes, area.total_votes)}%"),
        order=percent.rstrip("%"),
        is_first=bool(votes) and votes == most,
    )
