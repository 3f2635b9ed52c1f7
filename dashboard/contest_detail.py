"""What a contest's own page shows below its card: all candidates, and the count by area."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from dashboard import cards, wording
from results.feed.represent import candidate_percent
from results.models import Contest
from results.selectors import AreaReturns, CandidateReturns, ContestReturns

COLUMNS = 4
"""Candidates who have a column in the table of counties."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One candidate in one area."""

    key: str
    votes: int
    votes_text: str
    percent: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One county (or congressional district) of a contest."""

    name: str
    has_report: bool
    cells: tuple[Cell, ...]
    total: str
    precincts: str
    counts: str
    reported_at: str


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


def contest_detail(returns: ContestReturns) -> ContestDetail:
    """All of a contest, from the first candidate to the last county."""
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
        contest.slug, returns.whole.has_report, rows, gettext("All candidates"), tuple(tables)
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
    return AreaRow(
        name=name,
        has_report=area.has_report,
        cells=tuple(
            _cell(area, one.candidate.pk, votes.get(one.candidate.pk, 0), most) for one in columns
        ),
        total=f"{area.total_votes:,}",
        precincts=precincts.percent,
        counts=precincts.counts,
        reported_at=wording.night_time(area.reported_at, returns.election)
        if area.reported_at and area.has_report
        else "",
    )


def _cell(area: AreaReturns, candidate: int, votes: int, most: int) -> Cell:
    place = area.county.number if area.county else 100 + area.area.number
    return Cell(
        key=f"v{candidate}-{place}",
        votes=votes,
        votes_text=f"{votes:,}",
        percent=f"{candidate_percent(votes, area.total_votes)}%",
        is_first=bool(votes) and votes == most,
    )
