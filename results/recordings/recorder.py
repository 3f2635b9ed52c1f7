"""Makes a recording from raw bodies: from their facts, or as they came where facts fall short."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from results.feed.facts import Area, ContestKey, Report
from results.feed.parse import parse_body
from results.feed.paths import parse_path, query_path
from results.recordings.elements import element_of, report_count
from results.recordings.format import (
    AsIs,
    Form,
    Group,
    Header,
    Held,
    Night,
    RecordedEndpoint,
    Series,
    Shape,
    Slot,
    shape_value,
)
from results.recordings.states import Lineup, State

Figures = tuple[int, State]
"""The number of a lineup and the figures under it."""


@dataclass(slots=True)
class _Track:
    """A series being recorded: what was seen of it, and where each figure was seen last."""

    series: Series
    last_place: dict[Figures, int] = field(default_factory=dict)

    @property
    def newest(self) -> Figures | None:
        return self.series.states[-1][1:] if self.series.states else None

    def append(self, run: int, figures: Figures) -> None:
        self.last_place[figures] = len(self.series.states)
        self.series.states.append((run, *figures))


@dataclass(slots=True)
class _Served:
    """An endpoint being recorded: its current body, and what its places show."""

    endpoint: RecordedEndpoint
    body: bytes = b""
    figures: tuple[tuple[int, Figures], ...] = ()
    shape_numbers: dict[str, int] = field(default_factory=dict)
    held: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By position: the run since which it lags, and the state it shows."""


class Recorder:
    """Takes in the bodies of run after run, oldest first.

    A path that a run leaves out keeps the body it had: it did not change, or was not fetched.
    """

    def __init__(self, header: Header, labels: Mapping[str, str] | None = None) -> None:
        """header's runs are replaced by those recorded; labels name endpoints by their paths."""
        self._header = header
        self._labels = labels or {}
        self._runs: list[datetime] = []
        self._lineups: dict[Lineup, int] = {}
        self._tracks: dict[tuple[ContestKey, Area], int] = {}
        self._series: list[_Track] = []
        self._served: dict[str, _Served] = {}
        self.as_is: list[str] = []
        """What was kept as it came, a line each: the path, the run and what it was."""

    def add_run(self, moment: datetime, bodies: Iterable[tuple[str, bytes]]) -> None:
        """Record what endpoints served at a moment (aware).

        Raises ValueError where the moment is not after the one before.
        """
        if self._runs and moment <= self._runs[-1]:
            raise ValueError(f"the run of {moment} is not after that of {self._runs[-1]}")
        run = len(self._runs)
        self._runs.append(moment)
        for path, body in bodies:
            self._take(run, path, body)
        self._settle(run)

    def night(self) -> Night:
        """All that was recorded."""
        header = Header(
            **{
                name: getattr(self._header, name)
                for name in ("slug", "name", "date", "kind", "base_url", "title", "source")
            },
            runs=tuple(self._runs),
        )
        last = len(self._runs) - 1
        endpoints = []
        for served in self._served.values():
            done = served.endpoint
            still = [Held(first, last, at, state) for at, (first, state) in served.held.items()]
            endpoints.append(
                RecordedEndpoint(
                    done.path, done.label, done.shapes, done.shown, [*done.held, *still]
                )
            )
        return Night(header, list(self._lineups), [t.series for t in self._series], endpoints)

    def _take(self, run: int, path: str, body: bytes) -> None:
        served = self._served.get(path)
        if served is None:
            label = self._labels.get(path, path)
            served = self._served[path] = _Served(RecordedEndpoint(path, label))
        elif served.body == body:
            return
        served.body = body
        shape, figures = self._read(path, body)
        endpoint = served.endpoint
        if not isinstance(shape, Form) or any(isinstance(slot, AsIs) for slot in shape.slots):
            self.as_is.append(f"{path} at {self._runs[run]:%Y-%m-%d %H:%M:%S}")
        number = served.shape_numbers.setdefault(_text(shape_value(shape)), len(endpoint.shapes))
        if number == len(endpoint.shapes):
            endpoint.shapes.append(shape)
        if not endpoint.shown or endpoint.shown[-1][1] != number:
            self._release(served, run)
            endpoint.shown.append((run, number))
        served.figures = figures

    def _release(self, served: _Served, run: int) -> None:
        """Close what an endpoint's places showed of older states: they now mean others."""
        for position, (first, state) in served.held.items():
            served.endpoint.held.append(Held(first, run - 1, position, state))
        served.held = {}

    def _read(self, path: str, body: bytes) -> tuple[Shape, tuple[tuple[int, Figures], ...]]:
        try:
            value = json.loads(body)
        except ValueError:
            return bytes(body), ()
        is_list = isinstance(value, list)
        elements = value if is_list else [value]
        groups = _reports_of(path, body, elements)
        if not any(groups):
            return AsIs(value), ()
        slots: list[Slot] = []
        figures: list[tuple[int, Figures]] = []
        for element, reports in zip(elements, groups, strict=True):
            slot, shown = self._slot(element, reports)
            slots.append(slot)
            figures += shown
        return Form(tuple(slots), is_list), tuple(figures)

    def _slot(
        self, element: Any, reports: Sequence[Report]
    ) -> tuple[Slot, list[tuple[int, Figures]]]:
        """The place of one element, and the figures it shows; as it is, if facts fall short."""
        day = self._header.date
        known = [(Lineup.of(report), State.of(report, day)) for report in reports]
        again = [
            state.report(lineup, report.area, day)
            for (lineup, state), report in zip(known, reports, strict=True)
        ]
        in_group = bool(reports) and report_count(element) is not None
        if not reports or _text(element_of(again, in_group)) != _text(element):
            return AsIs(element), []
        shown = []
        for (lineup, state), report in zip(known, reports, strict=True):
            number = self._lineups.setdefault(lineup, len(self._lineups))
            shown.append((self._track_of(report), (number, state)))
        numbers = tuple(number for number, _ in shown)
        return (Group(numbers) if in_group else numbers[0]), shown

    def _track_of(self, report: Report) -> int:
        key = (report.contest, report.area)
        if key not in self._tracks:
            self._tracks[key] = len(self._series)
            self._series.append(_Track(Series(report.contest, report.area, [])))
        return self._tracks[key]

    def _settle(self, run: int) -> None:
        """Choose every series' newest state of this run, and note the places that lag behind."""
        seen: list[dict[Figures, None]] = [{} for _ in self._series]
        for served in self._served.values():
            for number, figures in served.figures:
                seen[number][figures] = None
        for track, shown in zip(self._series, seen, strict=True):
            if len(shown) == 1 and track.newest in shown:
                continue
            for figures in _in_order(track, list(shown)):
                track.append(run, figures)
        for served in self._served.values():
            self._note_lagging(served, run)

    def _note_lagging(self, served: _Served, run: int) -> None:
        for position, (number, figures) in enumerate(served.figures):
            track = self._series[number]
            lag = None if figures == track.newest else track.last_place[figures]
            since = served.held.get(position)
            if since is not None and since[1] != lag:
                served.endpoint.held.append(Held(since[0], run - 1, position, since[1]))
                del served.held[position]
                since = None
            if since is None and lag is not None:
                served.held[position] = (run, lag)


def _reports_of(path: str, body: bytes, elements: Sequence[Any]) -> list[Sequence[Report]]:
    """The reports of each element; none for an element that could not be read whole."""
    parsed = parse_body(path, body)
    counts = [report_count(element) or 1 for element in elements]
    if not parsed.problems and sum(counts) == len(parsed.reports):
        reports = iter(parsed.reports)
        return [[next(reports) for _ in range(count)] for count in counts]
    # Some element could not be read: each by itself, so that its neighbours still count.
    asked = parse_path(path).ids
    paths = [query_path([number]) for number in asked] or [path] * len(elements)
    if len(paths) != len(elements):
        return [() for _ in elements]
    alone = [
        parse_body(its_path, json.dumps([element]).encode())
        for its_path, element in zip(paths, elements, strict=True)
    ]
    return [
        one.reports if len(one.reports) == count and not one.problems else ()
        for one, count in zip(alone, counts, strict=True)
    ]


def _in_order(track: _Track, shown: list[Figures]) -> list[Figures]:
    """What to append to a series so that its newest state is last.

    Figures never seen before are newer than those that were; among them the feed's own time
    decides, then the count. The newest of before stays so unless something new came, or nothing
    shows it any more (a correction can bring earlier figures back).
    """
    new = sorted(
        (figures for figures in shown if figures not in track.last_place),
        key=lambda f: (f[1].minute, f[1].reporting, sum(f[1].votes)),
    )
    if new or not shown or track.newest in shown:
        return new
    return [max(shown, key=lambda figures: track.last_place[figures])]


def _text(value: Any) -> str:
    """One text for equal JSON values, and another for `true` and `1`, which Python finds equal."""
    return json.dumps(value, sort_keys=True)
