"""The map of a contest's counties: who is ahead where, by how much, and how much has reported."""

import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext, ngettext

from dashboard import addresses, cards, wording
from results.feed.counties import COUNTIES
from results.models import Contest
from results.selectors import AreaReturns, ContestReturns

SHAPES = Path(__file__).parent / "county_shapes.json"
MARGIN_STEPS = (5.0, 15.0, 30.0)
"""Points of margin from which on a county is drawn deeper."""
REPORTING_STEPS = (0.0, 25.0, 50.0, 100.0)
"""Percent of precincts above which (the last: at which) a county is drawn deeper."""
PATTERNS = ("", "striped", "dotted")
"""What tells apart leaders of one party."""
ROOM = 14.0
"""Units around a district's counties."""


@dataclass(frozen=True, slots=True)
class County:
    """One county's shape; classes say its colour, title its figures. No link outside."""

    number: int
    path: str
    classes: str
    pattern: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend: a leader, or a state of counting."""

    text: str
    classes: str
    pattern: str


@dataclass(frozen=True, slots=True)
class CountyMap:
    view_box: str
    outside: tuple[str, ...]
    counties: tuple[County, ...]
    keys: tuple[Key, ...]
    summary: str


@lru_cache(maxsize=1)
def shapes() -> dict:
    """The state's width and height, and each county's path, label point and box, by number."""
    return json.loads(SHAPES.read_text())


def county_map(returns: ContestReturns) -> CountyMap | None:
    """The map of a contest; None where its counties are not told."""
    if not returns.counties:
        return None
    drawn = shapes()["counties"]
    inside = {area.county.number: area for area in returns.counties if area.county}
    leaders = _leaders(returns)
    counties = tuple(
        _county(returns, area, drawn[str(number)]["path"], leaders)
        for number, area in sorted(inside.items())
    )
    return CountyMap(
        view_box=_view_box([drawn[str(number)]["box"] for number in inside]),
        outside=tuple(drawn[str(c.number)]["path"] for c in COUNTIES if c.number not in inside),
        counties=counties,
        keys=_keys(returns, leaders),
        summary=_summary(returns, leaders),
    )


def _view_box(boxes: list[list[float]]) -> str:
    if len(boxes) == len(COUNTIES):
        return f"-2 -2 {shapes()['width'] + 4:g} {shapes()['height'] + 4:g}"
    left, top = min(b[0] for b in boxes) - ROOM, min(b[1] for b in boxes) - ROOM
    right, bottom = max(b[2] for b in boxes) + ROOM, max(b[3] for b in boxes) + ROOM
    # Never so near that one small county fills the screen without its neighbours.
    side = max(right - left, bottom - top, 120.0)
    left, top = (left + right - side) / 2, (top + bottom - side) / 2
    return f"{left:.1f} {top:.1f} {side:.1f} {side:.1f}"


def margin_step(points: float) -> int:
    """How deep a margin in points is drawn: 1 to 4."""
    return 1 + sum(points >= step for step in MARGIN_STEPS)


def reporting_step(reporting: int, total: int) -> int:
    """How deep a share of precincts is drawn: 0 for none to 4 for all."""
    percent = 100 * reporting / total if total else 0.0
    *between, everything = REPORTING_STEPS
    return sum(percent > step for step in between) + (percent >= everything)


def _has_enough(returns: ContestReturns, area: AreaReturns) -> bool:
    """Whether a county may show who is ahead: by the election's own threshold."""
    if not area.total_votes or not area.precincts_total:
        return False
    share = 100 * area.precincts_reporting / area.precincts_total
    return share >= float(returns.election.lead_threshold)


def _ahead(returns: ContestReturns, area: AreaReturns) -> int | None:
    """The id of the candidate ahead in a county; None where that cannot be said, or is tied."""
    if not _has_enough(returns, area):
        return None
    ranked = area.ranked
    if len(ranked) > 1 and ranked[0].votes == ranked[1].votes:
        return None
    return ranked[0].candidate.pk


def _leaders(returns: ContestReturns) -> dict[int, tuple[str, str, int]]:
    """Who is ahead anywhere: (classes, pattern, counties) by candidate id, most counties first."""
    ahead = Counter(pk for area in returns.counties if (pk := _ahead(returns, area)) is not None)
    by_id = {one.candidate.pk: one.candidate for one in returns.whole.candidates}
    of_party: Counter[str] = Counter()
    found = {}
    # The order of the whole contest, so that a leader's pattern stays the same through the night.
    for one in returns.whole.ranked:
        pk = one.candidate.pk
        if pk not in ahead:
            continue
        candidate = by_id[pk]
        yes_no = returns.contest.kind != Contest.Kind.CANDIDATES
        classes = candidate.name.lower() if yes_no else wording.party_class(candidate.party)
        pattern = PATTERNS[min(of_party[classes], len(PATTERNS) - 1)]
        of_party[classes] += 1
        found[pk] = (classes, pattern, ahead[pk])
    return found


def _county(
    returns: ContestReturns,
    area: AreaReturns,
    path: str,
    leaders: dict[int, tuple[str, str, int]],
) -> County:
    assert area.county is not None  # noqa: S101 - of the county rows alone
    report = f"report-{reporting_step(area.precincts_reporting, area.precincts_total)}"
    ahead = _ahead(returns, area)
    classes, pattern = "waiting", ""
    if ahead is not None:
        party, pattern, _ = leaders[ahead]
        ranked = area.ranked
        behind = ranked[1].votes if len(ranked) > 1 else 0
        points = 100 * (ranked[0].votes - behind) / area.total_votes
        classes = f"{party} margin-{margin_step(points)}"
    elif area.total_votes:
        classes = "tied" if _has_enough(returns, area) else "early"
    return County(
        area.county.number,
        path,
        f"{classes} {report}",
        pattern,
        _title(returns, area),
        addresses.county(area.county.slug),
    )


def _title(returns: ContestReturns, area: AreaReturns) -> str:
    """A county's figures in words."""
    assert area.county is not None  # noqa: S101 - of the county rows alone
    name = wording.county_name(area.county.name)
    if not area.has_report:
        return gettext("%(county)s: not yet received") % {"county": name}
    precincts = wording.precincts_percent(
        area.reporting_percent, area.precincts_reporting, area.precincts_total
    )
    return gettext("%(county)s: %(shares)s; %(precincts)s of precincts") % {
        "county": name,
        "shares": cards.standing_text(area, returns.contest.kind),
        "precincts": precincts,
    }


def _keys(returns: ContestReturns, leaders: dict[int, tuple[str, str, int]]) -> tuple[Key, ...]:
    names = {one.candidate.pk: one.candidate for one in returns.whole.candidates}
    keys = [
        Key(
            ngettext("%(name)s: %(n)d county", "%(name)s: %(n)d counties", n)
            % {"name": wording.choice_name(str(names[pk]), returns.contest.kind), "n": n},
            f"{classes} margin-4",
            pattern,
        )
        for pk, (classes, pattern, n) in leaders.items()
    ]
    states = Counter(
        "tied"
        if area.total_votes and _has_enough(returns, area)
        else "early"
        if area.total_votes
        else "waiting"
        for area in returns.counties
        if _ahead(returns, area) is None
    )
    words = {
        "tied": gettext("Tied"),
        "early": gettext("Too early to color"),
        "waiting": gettext("Not yet received"),
    }
    return (*keys, *(Key(text, name, "") for name, text in words.items() if states[name]))


def _summary(returns: ContestReturns, leaders: dict[int, tuple[str, str, int]]) -> str:
    """What the map shows, for who does not see it."""
    if not leaders:
        return gettext("No county has reported enough to say who is ahead there.")
    names = {one.candidate.pk: one.candidate for one in returns.whole.candidates}
    return gettext("Ahead in the counties: %(who)s") % {
        "who": ", ".join(
            f"{wording.choice_name(str(names[pk]), returns.contest.kind)} ({n})"
            for pk, (_, _, n) in leaders.items()
        )
    }
