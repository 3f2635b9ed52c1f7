"""A recorded election, opened: any endpoint's body at any moment."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from results.feed.contest_ids import contest_id
from results.feed.counties import BY_SLUG, COUNTIES, STATEWIDE_NUMBER
from results.feed.facts import WHOLE, Area, AreaKind, ContestKey, Report
from results.feed.paths import contest_key, parse_path, query_path
from results.feed.represent import body_bytes
from results.recordings import find
from results.recordings.elements import element_of
from results.recordings.format import (
    AsIs,
    Form,
    Group,
    Header,
    Night,
    RecordedEndpoint,
    Series,
    Shape,
    Slot,
    read,
)

POLLS_CLOSE = time(20, 0)
NIGHT_ENDS_AFTER = timedelta(hours=3)
"""The night is over at the first run that none follows within this time: the canvass begins."""

MOST_BODIES_KEPT = 10_000
"""Bodies made and kept, so that endless different queries cannot fill the memory."""


def load(name: str | Path) -> "Recording":
    """Open a recording by its slug or path.

    Raises RecordingNotFound, RecordingError (see format), or OSError.
    """
    return Recording(read(find(name)))


class UnknownContest(LookupError):
    """No contest of that id was recorded."""


class Recording:
    """What was served at every recorded moment. Safe to read from several threads."""

    def __init__(self, night: Night) -> None:
        self.header: Header = night.header
        self.moments: tuple[datetime, ...] = night.header.runs
        """When the feed was read (aware, UTC), oldest first."""
        self._night = night
        self._starts = [[run for run, _, _ in series.states] for series in night.series]
        self._endpoints = {endpoint.path: endpoint for endpoint in night.endpoints}
        # One entry for each endpoint and series: a replay goes forward, so what was made before
        # the last is seldom asked for again.
        self._bodies: dict[str, tuple[tuple[int, ...], bytes]] = {}
        self._texts: dict[int | Group, tuple[tuple[int, ...], bytes]] = {}
        self._by_id = {
            number: place
            for place, series in enumerate(night.series)
            if (number := contest_id(series.contest, series.area)) is not None
        }
        self._statewide = _statewide_series(night.series)

    @property
    def slug(self) -> str:
        return self.header.slug

    @property
    def endpoints(self) -> Sequence[RecordedEndpoint]:
        """The recorded endpoints, with their labels, in the order they were recorded in."""
        return self._night.endpoints

    # Moments ----------------------------------------------------------------------------------

    def run_at(self, moment: datetime) -> int:
        """The number of the last run at or before a moment; -1 before the first."""
        return bisect_right(self.moments, moment) - 1

    @property
    def first_votes(self) -> datetime | None:
        """The first moment at which a contest of this election has votes, if any ever has.

        Test data and contests of an earlier election do not count: they were reported before
        the polls closed.
        """
        closed = POLLS_CLOSE.hour * 60 + POLLS_CLOSE.minute
        runs = [
            run
            for series in self._night.series
            for run, _, state in series.states
            if state.minute >= closed and any(state.votes)
        ]
        return self.moments[min(runs)] if runs else None

    @property
    def night_end(self) -> datetime:
        """The last moment of election night, before the canvass; the last of all without one."""
        begin = self.first_votes or self.moments[0]
        night = [moment for moment in self.moments if moment >= begin]
        for moment, following in pairwise(night):
            if following - moment > NIGHT_ENDS_AFTER:
                return moment
        return night[-1]

    # Bodies -----------------------------------------------------------------------------------

    def body(self, path: str, moment: datetime) -> bytes | None:
        """What an endpoint served at a moment; None if it had served nothing by then.

        An address that was not read, but whose contests were read elsewhere, is answered from
        the newest returns of that moment: `us-senate/county/lake`, `ballot-measures/prop/1`.
        """
        run = self.run_at(moment)
        endpoint = self._endpoints.get(path)
        if endpoint is None:
            form = self._unread_form(path)
            if form is None:
                return None
            states = self._newest_states(form, run)
            return None if -1 in states else self._made(path, (), form, states)
        shape_number = _shape_number(endpoint, run)
        if shape_number is None:
            return None
        shape = endpoint.shapes[shape_number]
        states = self._newest_states(shape, run) if isinstance(shape, Form) else []
        for held in endpoint.held:
            if held.first <= run <= held.last:
                states[held.position] = held.state
        return self._made(path, (shape_number,), shape, states)

    def query(self, ids: Sequence[str], moment: datetime) -> bytes:
        """The answer to a query: the newest returns of each contest id, in the order asked.

        Raises UnknownContest for an id that was not served by then.
        """
        slots: list[Slot] = []
        for number in ids:
            if number not in self._by_id:
                raise UnknownContest(number)
            slots.append(self._slot(self._by_id[number]))
        form = Form(tuple(slots), is_list=True)
        states = self._newest_states(form, self.run_at(moment))
        if -1 in states:
            raise UnknownContest(ids[states.index(-1)])
        return self._made(query_path(ids), (), form, states)

    def report(self, series_number: int, state_number: int) -> Report:
        """One state of one area, as the report it stands for."""
        series = self._night.series[series_number]
        _, lineup, state = series.states[state_number]
        return state.report(self._night.lineups[lineup], series.area, self.header.date)

    def county_reports(self, moment: datetime) -> list[Report]:
        """The newest returns of a statewide contest: the state's, then each recorded county's.

        The contest is the one that most counties were recorded for; empty if none was by then.
        """
        run = self.run_at(moment)
        newest = [(place, self._newest(place, run)) for place in self._statewide]
        return [self.report(place, state) for place, state in newest if state >= 0]

    def _newest(self, series_number: int, run: int) -> int:
        return bisect_right(self._starts[series_number], run) - 1

    def _newest_states(self, form: Form, run: int) -> list[int]:
        return [self._newest(number, run) for number in _series_numbers(form)]

    def _slot(self, series_number: int) -> Slot:
        is_alone = not self._night.series[series_number].contest.measure
        return series_number if is_alone else Group((series_number,))

    def _unread_form(self, path: str) -> Form | None:
        """What a contest's own address would be made of, if it was read elsewhere."""
        try:
            asked = parse_path(path)
            number = contest_id(
                contest_key(asked),
                Area.county(BY_SLUG[asked.county].number) if asked.county else WHOLE,
            )
        except (ValueError, KeyError):
            return None
        places = [self._by_id.get(number or "")]
        if asked.county and not asked.measure:
            # A county's row is followed by the whole contest's.
            places.append(self._by_id.get(f"{number}"[:12] + f"{STATEWIDE_NUMBER}"))
        slots = tuple(self._slot(place) for place in places if place is not None)
        return Form(slots, is_list=len(slots) > 1) if len(slots) == len(places) else None

    def _made(
        self, path: str, made_of: tuple[int, ...], shape: Shape, states: Sequence[int]
    ) -> bytes:
        made_of = (*made_of, *states)
        made = self._bodies.get(path)
        if made is None or made[0] != made_of:
            if len(self._bodies) > MOST_BODIES_KEPT:
                self._bodies.clear()
            made = self._bodies[path] = (made_of, self._make(shape, states))
        return made[1]

    def _make(self, shape: Shape, states: Sequence[int]) -> bytes:
        if isinstance(shape, bytes):
            return shape
        if isinstance(shape, AsIs):
            return body_bytes(shape.value)
        remaining = iter(states)
        texts = [self._element(slot, remaining) for slot in shape.slots]
        if not shape.is_list:
            return texts[0]
        if not texts:
            return body_bytes([])
        # The elements' own texts, two spaces further in: what body_bytes gives for the list,
        # without laying out again the many that did not change.
        return b"[\n  " + b",\n  ".join(t.replace(b"\n", b"\n  ") for t in texts) + b"\n]"

    def _element(self, slot: Slot, states: Iterator[int]) -> bytes:
        if isinstance(slot, AsIs):
            return body_bytes(slot.value)
        numbers = slot.series if isinstance(slot, Group) else (slot,)
        shown = tuple(next(states) for _ in numbers)
        cached = self._texts.get(slot)
        if cached is None or cached[0] != shown:
            reports = [self.report(*place) for place in zip(numbers, shown, strict=True)]
            cached = (shown, body_bytes(element_of(reports, isinstance(slot, Group))))
            self._texts[slot] = cached
        return cached[1]


def _shape_number(endpoint: RecordedEndpoint, run: int) -> int | None:
    place = bisect_right(endpoint.shown, run, key=lambda shown: shown[0]) - 1
    return endpoint.shown[place][1] if place >= 0 else None


def _series_numbers(form: Form) -> list[int]:
    numbers: list[int] = []
    for slot in form.slots:
        if isinstance(slot, Group):
            numbers.extend(slot.series)
        elif isinstance(slot, int):
            numbers.append(slot)
    return numbers


def _statewide_series(series: Sequence[Series]) -> list[int]:
    """The series of the contest with the most counties: the whole state's, then the counties'."""
    by_contest: dict[ContestKey, dict[Area, int]] = {}
    for place, one in enumerate(series):
        if not one.contest.district and one.area.kind != AreaKind.DISTRICT:
            by_contest.setdefault(one.contest, {})[one.area] = place
    best = max(by_contest.values(), key=len, default={})
    wanted = (WHOLE, *(Area.county(county.number) for county in COUNTIES))
    return [best[area] for area in wanted if area in best]
