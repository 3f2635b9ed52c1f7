"""What the pages of a wall board show, and how much room each part of them needs.

Sizes are in units of the letter that a page is set in. The browser sets a page in the largest
letter at which its parts fit the screen, and divides it where that would be too small to read
from across a room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dashboard import cards, highlights, live, wording
from dashboard.county_map import CountyMap, county_map
from results.feed.represent import candidate_percent
from results.models import Board, BoardPage, Contest, Election
from results.selectors import AreaReturns, ContestReturns

Layout, Source = BoardPage.Layout, BoardPage.Source

PER_SCREEN = {
    Layout.RACE: 1,
    Layout.RACES_2: 2,
    Layout.RACES_4: 4,
    Layout.RACES_6: 6,
    Layout.RACES_9: 9,
    Layout.MEASURES: 8,
    Layout.CHAMBERS: 3,
    Layout.MAP: 1,
    Layout.CLOSEST: 6,
    Layout.UPDATES: 6,
}
"""Parts that a screen shows at most."""
ROWS = {
    Layout.RACE: 5,
    Layout.RACES_2: 6,
    Layout.RACES_4: 4,
    Layout.RACES_6: 3,
    Layout.RACES_9: 2,
    Layout.MEASURES: 2,
    Layout.MAP: 5,
}
"""Candidates a race lists before the others are summed up."""
MOST_BY_DEFAULT = 4
"""Races shown as featured where no editor has featured any."""
_FIRST_OFFICES = ("president", "us-senate", "governor")
_SMALL_PRIMARIES = ("american-independent", "green", "libertarian", "peace-and-freedom")

_LONG_TITLE = 30
"""Characters from which on a title is set smaller, in two lines."""
_NAMES_A_ROW = 50
"""Characters of names that a row of a line has room for."""
_WIDE = 24.0
_EDGES, _TITLE, _SECOND_LINE, _SUBTITLE = 1.4, 1.7, 0.9, 1.4
_ROW, _OTHERS, _FOOT = 2.6, 1.5, 3.2
_MAP_WIDTH, _LEGEND = 22.0, 5.4


@dataclass(frozen=True, slots=True)
class Race:
    """One contest on a wall."""

    slug: str
    title: str
    subtitle: str
    is_long: bool
    is_yes_no: bool
    has_report: bool
    shows_leader: bool
    rows: tuple[cards.Row, ...]
    others: str
    others_percent: str
    state: str
    is_called: bool
    note: str
    facts: str
    precincts: str
    at: str
    map: CountyMap | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page. sizes are the shapes its parts can take, as "width x height" in letters."""

    id: str
    pk: int
    layout: str
    heading: str
    per_screen: int
    sizes: str
    races: tuple[Race, ...] = ()
    chambers: tuple[highlights.Chamber, ...] = ()
    lines: tuple[highlights.Close, ...] = ()


HEADINGS = {
    Source.FEATURED: _("Races we are watching"),
    Source.CLOSEST: _("The closest races"),
    Source.NEWEST: _("Newest results"),
    Source.CHOSEN: _("Results"),
}
_LAYOUT_HEADINGS = {
    Layout.MEASURES: _("Ballot measures"),
    Layout.CHAMBERS: _("Balance of the delegations"),
    Layout.CLOSEST: _("Closest contests"),
    Layout.UPDATES: _("Newest updates"),
    Layout.MAP: _("County by county"),
}


def page_id(board_slug: str, pk: int) -> str:
    return f"board-{board_slug}--{pk}"


def heading(page: BoardPage) -> str:
    """What stands above a page."""
    if page.heading:
        return page.heading
    if page.layout in _LAYOUT_HEADINGS:
        return str(_LAYOUT_HEADINGS[Layout(page.layout)])
    if page.source in HEADINGS:
        return str(HEADINGS[Source(page.source)])
    return next(section.heading for section in cards.all_sections() if section.key == page.source)


def board_page(
    board: Board,
    page: BoardPage,
    contests: Sequence[ContestReturns],
    with_counties: dict[int, ContestReturns],
) -> Page:
    """A page as the returns stand; with_counties are those whose counties it tells of."""
    races: tuple[Race, ...] = ()
    chambers: tuple[highlights.Chamber, ...] = ()
    lines: tuple[highlights.Close, ...] = ()
    if page.layout == Layout.CHAMBERS:
        chambers = tuple(highlights.chambers(contests))
        sizes = "20x14"
    elif page.layout in (Layout.CLOSEST, Layout.UPDATES):
        is_closest = page.layout == Layout.CLOSEST
        told = [with_counties.get(one.contest.pk, one) for one in contests]
        lines = tuple((highlights.closest if is_closest else highlights.newest)(told))
        rows = max((_rows(f"{one.names}\n{one.split}") for one in lines), default=1)
        sizes = f"44x{3.2 + 1.2 * rows:.1f} 26x{5.4 + 1.2 * rows:.1f}"
    else:
        chosen = races_of(page, contests)
        if page.layout == Layout.MAP:
            chosen = [with_counties.get(one.contest.pk, one) for one in chosen]
        races = tuple(race(one, Layout(page.layout)) for one in chosen)
        if page.layout == Layout.MAP:
            races = tuple(one for one in races if one.map)
        sizes = _sizes_of(Layout(page.layout), races)
    return Page(
        id=page_id(board.slug, page.pk),
        pk=page.pk,
        layout=page.layout,
        heading=heading(page),
        per_screen=PER_SCREEN[Layout(page.layout)],
        sizes=sizes,
        races=races,
        chambers=chambers,
        lines=lines,
    )


def told_by_county(page: BoardPage, contests: Sequence[ContestReturns]) -> list[ContestReturns]:
    """The contests of which a page needs the counties."""
    match page.layout:
        case Layout.MAP:
            return races_of(page, contests)
        case Layout.UPDATES:
            return highlights.newest_returns(contests)
    return []


def races_of(page: BoardPage, contests: Sequence[ContestReturns]) -> list[ContestReturns]:
    """The contests that a page of races shows, in their order."""
    source = Source.MEASURES if page.layout == Layout.MEASURES else Source(page.source)
    match source:
        case Source.CHOSEN:
            # By name: a rehearsal has contests of its own.
            chosen = {contest.slug for contest in page.contests.all()}
            return [one for one in contests if one.contest.slug in chosen]
        case Source.FEATURED:
            featured = [one for one in contests if one.contest.is_featured]
            return featured or _first_races(contests)
        case Source.CLOSEST:
            return highlights.closest_returns(contests)
        case Source.NEWEST:
            return highlights.newest_returns(contests)
    offices = next(section.slugs for section in cards.all_sections() if section.key == source)
    return [one for one in contests if one.contest.office in offices]


def _first_races(contests: Sequence[ContestReturns]) -> list[ContestReturns]:
    """What a newsroom watches first, where no editor has said."""
    first = [
        one
        for one in contests
        if one.contest.office in _FIRST_OFFICES and one.contest.party not in _SMALL_PRIMARIES
    ]
    return (first or list(contests))[:MOST_BY_DEFAULT]


def race(returns: ContestReturns, layout: BoardPage.Layout) -> Race:
    """One contest as a layout shows it: its first candidates, the others summed up."""
    card = cards.race_card(returns)
    everyone = (*card.rows, *card.more)
    most = ROWS[layout]
    shown = _shown(everyone, most)
    left_out = [row for row in everyone if row not in shown]
    votes_left = sum(row.votes for row in left_out)
    at = returns.whole.reported_at
    return Race(
        slug=card.slug,
        title=card.title,
        subtitle=card.subtitle,
        is_long=len(card.title) > _LONG_TITLE,
        is_yes_no=card.is_yes_no,
        has_report=card.has_report,
        shows_leader=card.shows_leader,
        rows=shown,
        others=_others(left_out),
        others_percent=f"{candidate_percent(votes_left, returns.whole.total_votes)}%",
        state=_state(returns, card),
        is_called=bool(card.call and card.call.is_called),
        note=card.correction or (card.call.note if card.call else ""),
        facts=_votes(returns.whole) if card.has_report else "",
        precincts=_precincts(card),
        at=_reported(at, returns.election) if at and card.has_report else "",
        map=county_map(returns) if layout == Layout.MAP else None,
    )


def _shown(everyone: Sequence[cards.Row], most: int) -> tuple[cards.Row, ...]:
    """The first rows, called winners among them wherever they stand."""
    first = list(everyone[:most])
    for row in everyone[most:]:
        if row.is_called:
            last = max((n for n, one in enumerate(first) if not one.is_called), default=None)
            if last is not None:
                del first[last]
                first.append(row)
    return tuple(first)


def _others(left_out: Sequence[cards.Row]) -> str:
    if len(left_out) == 1:
        return left_out[0].name
    return gettext("%(n)d others") % {"n": len(left_out)} if left_out else ""


def _state(returns: ContestReturns, card: cards.RaceCard) -> str:
    """Where a race stands, in the few words that a wall has room for."""
    call, contest = card.call, returns.contest
    if call is not None:
        source = returns.call.source if returns.call else ""
        words = call.short
        return f"{words} ({source})" if source and call.is_called else words
    leaders = cards.leading(returns)
    if not leaders or contest.rule != Contest.Rule.TOP_TWO:
        return card.status if not leaders else _lead(returns)
    if len(returns.whole.ranked) == 1:
        return gettext("Unopposed")
    if len(returns.whole.ranked) == 2:
        return gettext("Both go on to November")
    return gettext("The first two lead for November")


def _lead(returns: ContestReturns) -> str:
    ranked = returns.whole.ranked
    if len(ranked) == 1:
        return gettext("Unopposed")
    margin = ranked[0].votes - ranked[1].votes
    kind = returns.contest.kind
    if kind != Contest.Kind.CANDIDATES:
        ahead = wording.choice_name(str(ranked[0].candidate), kind)
        return ngettext(
            "%(ahead)s leads by %(n)s vote", "%(ahead)s leads by %(n)s votes", margin
        ) % {"ahead": ahead, "n": f"{margin:,}"}
    return ngettext("Leads by %(n)s vote", "Leads by %(n)s votes", margin) % {"n": f"{margin:,}"}


def _reported(at: datetime, election: Election) -> str:
    """When a race last reported: the time on election night, the day in the weeks after."""
    on_the_night = at <= election.polls_close + live.NIGHT
    return wording.clock_time(at) if on_the_night else wording.day(at)


def _votes(whole: AreaReturns) -> str:
    return ngettext("%(n)s vote", "%(n)s votes", whole.total_votes) % {
        "n": f"{whole.total_votes:,}"
    }


def _precincts(card: cards.RaceCard) -> str:
    return gettext("%(percent)s of precincts") % {"percent": card.precincts.percent}


def _sizes_of(layout: BoardPage.Layout, races: Sequence[Race]) -> str:
    """The room that the largest of the races needs, in letters."""
    if not races:
        return "24x10"
    height = max(_height(one) for one in races)
    if layout == Layout.MAP:
        height += _LEGEND
        across = f"{_WIDE + _MAP_WIDTH:g}x{max(height, _MAP_WIDTH):.1f}"
        return f"{across} {_WIDE:g}x{height + _MAP_WIDTH:.1f}"
    return f"{_WIDE:g}x{height:.1f}"


def _rows(names: str) -> int:
    return sum(ceil(len(part) / _NAMES_A_ROW) for part in names.split("\n")) or 1


def _height(one: Race) -> float:
    return (
        _EDGES
        + _TITLE
        + (_SECOND_LINE if one.is_long else 0)
        + (_SUBTITLE if one.subtitle else 0)
        + _ROW * len(one.rows)
        + (_OTHERS if one.others else 0)
        + _FOOT
    )
