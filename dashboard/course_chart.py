"""The night's course of a contest as a chart that can be read without colour, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext

from dashboard import wording
from results.feed.represent import candidate_percent
from results.feed.times import CALIFORNIA
from results.history import CoursePoint
from results.models import Candidate, Contest, Election

LINES = 4
WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 48, 150, 12, 28
VOTES_HEIGHT, VOTES_GAP = 60, 40
LABEL_GAP = 17
"""Units between two labels at the lines' ends, so that none lies on another."""
NIGHT = timedelta(hours=10)
DASHES = ("", "7 4", "2 3", "10 3 2 3")


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate's line; path and dots are in the chart's units."""

    name: str
    short_name: str
    letter: str
    party_class: str
    dash: str
    path: str
    percent: str
    end_y: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Tick:
    position: str
    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    time: str
    percents: tuple[str, ...]
    votes: str
    precincts: str
    fell: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """summary says in words what the picture shows; rows are all values, newest first."""

    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    votes_path: str
    votes_label: str
    votes_top: str
    summary: str
    others: str
    names: tuple[str, ...]
    rows: tuple[TableRow, ...]


def course_chart(
    contest: Contest,
    election: Election,
    candidates: Sequence[Candidate],
    points: Sequence[CoursePoint],
) -> Chart | None:
    """The chart of election night; None before there are two states to draw a line between.

    The canvass, which goes on for weeks, is in the rows but not in the picture.
    """
    night = [one for one in points if one.reported_at <= election.polls_close + NIGHT]
    if len(night) < 2:
        return None
    last = night[-1]
    ranked = sorted(candidates, key=lambda one: -last.votes.get(one.pk, 0))
    in_order = contest.kind != Contest.Kind.CANDIDATES
    shown = list(candidates) if in_order else ranked[:LINES]
    begin, end = election.polls_close, last.reported_at
    most = max(_share(one, point) for one in shown for point in night)
    top = max(10.0, 10 * -(-most // 10))
    x = lambda moment: LEFT + (WIDTH - LEFT - RIGHT) * _part(moment, begin, end)  # noqa: E731
    y = lambda share: HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share / top  # noqa: E731
    labels = _apart([y(_share(one, last)) for one in shown])
    lines = []
    for place, one in enumerate(shown):
        yes_no = contest.kind != Contest.Kind.CANDIDATES
        lines.append(
            Line(
                name=wording.choice_name(str(one), contest.kind),
                short_name=family_name(wording.choice_name(str(one), contest.kind)),
                letter=wording.PARTY_LETTERS.get(one.party, ""),
                party_class=one.name.lower() if yes_no else wording.party_class(one.party),
                dash=DASHES[place % len(DASHES)],
                path=_steps([(x(p.reported_at), y(_share(one, p))) for p in night]),
                percent=f"{candidate_percent(last.votes.get(one.pk, 0), last.total)}%",
                end_y=f"{y(_share(one, last)):.1f}",
                label_y=f"{labels[place]:.1f}",
            )
        )
    left_out = len(candidates) - len(shown)
    return Chart(
        lines=tuple(lines),
        x_ticks=tuple(
            Tick(f"{x(moment):.1f}", wording.clock_hour(moment)) for moment in _hours(begin, end)
        ),
        y_ticks=tuple(
            Tick(f"{y(share):.1f}", f"{share}%")
            for share in range(0, int(top) + 1, 10 if top <= 50 else 25)
        ),
        votes_path=_area(night, x),
        votes_label=f"{last.total:,}",
        votes_top=f"{HEIGHT + VOTES_GAP}",
        summary=_summary(contest, candidates, night, election),
        others=gettext("The %(n)d with the most votes have a line.") % {"n": len(shown)}
        if left_out
        else "",
        names=tuple(line.name for line in lines),
        rows=tuple(_rows(shown, points, election)),
    )


def family_name(name: str) -> str:
    """The last of a name's words that is no addition to it: short enough for a line's end."""
    words = [word for word in name.split() if word.strip(".,").upper() not in _ADDITIONS]
    return words[-1].rstrip(",") if words else name


_ADDITIONS = {"JR", "SR", "II", "III", "IV", "MD", "PHD", "ESQ"}


def _share(candidate: Candidate, point: CoursePoint) -> float:
    return 100 * point.votes.get(candidate.pk, 0) / point.total


def _part(moment: datetime, begin: datetime, end: datetime) -> float:
    return (moment - begin) / (end - begin) if end > begin else 1.0


def _steps(places: Sequence[tuple[float, float]]) -> str:
    """A line that stays level until the next returns: they hold until then."""
    (first_x, first_y), *following = places
    return f"M{first_x:.1f} {first_y:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in following)


def _apart(places: Sequence[float]) -> list[float]:
    """Where labels go that would lie on each other: pushed apart, in order, within the chart."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = list(places)
    lowest = float(HEIGHT - BOTTOM)
    for before, this in pairwise(order):
        moved[this] = max(moved[this], moved[before] + LABEL_GAP)
    for n in reversed(order):
        moved[n] = min(moved[n], lowest)
        lowest = moved[n] - LABEL_GAP
    return moved


def _hours(begin: datetime, end: datetime) -> list[datetime]:
    """Full hours from the polls' close on, so many that their words have room."""
    hours = int((end - begin) / timedelta(hours=1))
    step = max(1, -(-hours // 6))
    first = begin.astimezone(CALIFORNIA).replace(minute=0)
    return [first + timedelta(hours=n) for n in range(0, hours + 1, step)]


def _area(night: Sequence[CoursePoint], x) -> str:
    most = max(point.total for point in night)
    foot = HEIGHT + VOTES_GAP + VOTES_HEIGHT
    steps = [(x(point.reported_at), foot - VOTES_HEIGHT * point.total / most) for point in night]
    return f"{_steps(steps)}V{foot}H{steps[0][0]:.1f}Z"


def _summary(
    contest: Contest,
    candidates: Sequence[Candidate],
    night: Sequence[CoursePoint],
    election: Election,
) -> str:
    """Who led from when on."""
    names = {one.pk: wording.choice_name(str(one), contest.kind) for one in candidates}
    parts = []
    leader = None
    for point in night:
        first = max(point.votes, key=lambda pk: point.votes[pk])
        if first != leader and point.lead:
            leader = first
            parts.append(
                gettext("%(name)s from %(time)s")
                % {
                    "name": names.get(first, ""),
                    "time": wording.night_time(point.reported_at, election),
                }
            )
    if len(parts) == 1:
        return gettext("In first place through the night: %(who)s") % {"who": parts[0]}
    return gettext("In first place: %(who)s") % {"who": "; ".join(parts)} if parts else ""


def _rows(
    shown: Sequence[Candidate], points: Sequence[CoursePoint], election: Election
) -> list[TableRow]:
    rows = []
    before = 0
    for point in points:
        rows.append(
            TableRow(
                wording.night_time(point.reported_at, election),
                tuple(
                    f"{candidate_percent(point.votes.get(one.pk, 0), point.total)}%"
                    for one in shown
                ),
                f"{point.total:,}",
                f"{point.precincts_reporting:,} / {point.precincts_total:,}",
                point.total < before,
            )
        )
        before = point.total
    return rows[::-1]
