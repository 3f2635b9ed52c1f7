"""The file of a recorded election: JSON lines in xz (docs/recordings.md describes each line)."""

import json
import lzma
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any

from results.feed.facts import Area, AreaKind, ContestKey
from results.recordings.states import Lineup, State

FORMAT = "returns-recording"
VERSION = 1
_COLUMNS = ("runs", "minutes", "reporting", "precincts")
_CONTEST_DEFAULTS = {"party": "", "district": 0, "measure": "", "justice": ""}


class RecordingError(ValueError):
    """A file is no recording that this version reads; the message names the line and reason."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which election was recorded, from where, and when the feed was read (aware, UTC)."""

    slug: str
    name: str
    date: date
    kind: str
    base_url: str
    runs: tuple[datetime, ...]
    title: str = ""
    source: str = "California Secretary of State"


@dataclass(frozen=True, slots=True)
class Series:
    """All states of one area of a contest, in the order they were seen.

    Each state is (run in which it became the area's newest, number of its lineup, figures). Of
    two states of one run the earlier one was only seen on endpoints that lagged behind.
    """

    contest: ContestKey
    area: Area
    states: list[tuple[int, int, State]]


@dataclass(frozen=True, slots=True)
class AsIs:
    """A JSON value kept as it came, since it cannot be made again from facts."""

    value: Any


@dataclass(frozen=True, slots=True)
class Group:
    """One element that holds several measures or justices, by the numbers of their series."""

    series: tuple[int, ...]


Slot = int | Group | AsIs
"""One element of a body: the number of a series, a group of them, or the element itself."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a body is made of: a JSON list of elements, or one element alone."""

    slots: tuple[Slot, ...]
    is_list: bool


Shape = Form | AsIs | bytes
"""A body made of elements, a whole JSON value as it came, or bytes that are no JSON."""


@dataclass(frozen=True, slots=True)
class Held:
    """A place of a body that showed another state than the newest, from run first to run last.

    position counts the series of the body's form.
    """

    first: int
    last: int
    position: int
    state: int


@dataclass(slots=True)
class RecordedEndpoint:
    """One endpoint: the shapes its bodies had, and (run, number of shape) for each change."""

    path: str
    label: str
    shapes: list[Shape] = field(default_factory=list)
    shown: list[tuple[int, int]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


@dataclass(slots=True)
class Night:
    """Everything a file holds."""

    header: Header
    lineups: list[Lineup]
    series: list[Series]
    endpoints: list[RecordedEndpoint]


# Writing --------------------------------------------------------------------------------------


def write(night: Night, path: Path) -> None:
    """Write a recording, replacing the file. Raises OSError where it cannot be written."""
    text = "".join(f"{line}\n" for line in lines_of(night))
    # lc=4: the text is digits and commas, which the bits before tell well.
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "pb": 0}]
    path.write_bytes(lzma.compress(text.encode(), filters=filters))


def lines_of(night: Night) -> Iterator[str]:
    """The lines of the file, without their line ends."""
    header = night.header
    yield _json(
        {
            "format": FORMAT,
            "version": VERSION,
            "title": header.title,
            "source": header.source,
            "base_url": header.base_url,
            "election": {
                "slug": header.slug,
                "name": header.name,
                "date": header.date.isoformat(),
                "kind": header.kind,
            },
            "runs": [run.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for run in header.runs],
        }
    )
    for lineup in night.lineups:
        yield _json(_lineup_line(lineup))
    for number, series in enumerate(night.series):
        yield from map(_json, _series_lines(number, series))
    for endpoint in night.endpoints:
        yield _json(_endpoint_line(endpoint))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lineup_line(lineup: Lineup) -> dict[str, Any]:
    key = lineup.contest
    given = {name: getattr(key, name) for name in _CONTEST_DEFAULTS}
    line: dict[str, Any] = {
        "contest": {
            "office": key.office,
            **{name: value for name, value in given.items() if value != _CONTEST_DEFAULTS[name]},
        },
        "title": lineup.title,
    }
    if lineup.subject:
        line["subject"] = lineup.subject
    line["choices"] = [
        [name, party, 1] if incumbent else [name, party]
        for name, party, incumbent in lineup.choices
    ]
    return line


def _series_lines(number: int, series: Series) -> Iterator[dict[str, Any]]:
    """A line for each stretch of states with the same lineup."""
    first = True
    for lineup, group in groupby(series.states, key=lambda item: item[1]):
        stretch = list(group)
        states = [state for _, _, state in stretch]
        head = {"area": _area_text(series.area)} if first else {"more": number}
        first = False
        line: dict[str, Any] = {
            **head,
            "of": lineup,
            "runs": _deltas([run for run, _, _ in stretch]),
            "minutes": _deltas([state.minute for state in states]),
            "reporting": _deltas([state.reporting for state in states]),
            "precincts": _deltas([state.precincts for state in states]),
            "votes": [
                _deltas(column) for column in zip(*(state.votes for state in states), strict=True)
            ],
        }
        odd = [
            [place, state.reporting_percent, state.percents]
            for place, state in enumerate(states)
            if state.reporting_percent is not None or state.percents is not None
        ]
        if odd:
            line["percents"] = odd
        yield line


def _deltas(column: Sequence[int]) -> list[int]:
    return [column[0], *(b - a for a, b in pairwise(column))]


def _area_text(area: Area) -> str:
    return area.kind.value if area.kind == AreaKind.WHOLE else f"{area.kind.value} {area.number}"


def _endpoint_line(endpoint: RecordedEndpoint) -> dict[str, Any]:
    line: dict[str, Any] = {
        "endpoint": endpoint.path,
        "label": endpoint.label,
        "shapes": [shape_value(shape) for shape in endpoint.shapes],
        "shown": endpoint.shown,
    }
    if endpoint.held:
        line["held"] = [[h.first, h.last, h.position, h.state] for h in endpoint.held]
    return line


def shape_value(shape: Shape) -> dict[str, Any]:
    """A shape as it stands in the file."""
    if isinstance(shape, bytes):
        return {"base64": b64encode(shape).decode()}
    if isinstance(shape, AsIs):
        return {"as_is": shape.value}
    slots = [_slot_value(slot) for slot in shape.slots]
    return {"list": slots} if shape.is_list else {"object": slots[0]}


def _slot_value(slot: Slot) -> Any:
    if isinstance(slot, AsIs):
        return {"as_is": slot.value}
    return list(slot.series) if isinstance(slot, Group) else slot


# Reading --------------------------------------------------------------------------------------


def read(path: Path) -> Night:
    """Read a recording. Raises OSError, or RecordingError where the file is not a recording."""
    try:
        text = lzma.decompress(path.read_bytes()).decode()
    except (lzma.LZMAError, UnicodeDecodeError) as reason:
        raise RecordingError(f"{path.name}: not a whole xz file of text ({reason})") from reason
    try:
        return night_of(text.removesuffix("\n").split("\n"))
    except RecordingError as reason:
        raise RecordingError(f"{path.name}: {reason}") from reason


def night_of(lines: Iterable[str]) -> Night:
    """Read the lines of a recording. Raises RecordingError, which names the line."""
    night: Night | None = None
    number = 0
    for number, text in enumerate(lines, start=1):
        try:
            line = json.loads(text)
            if night is None:
                night = Night(_header_of(line), [], [], [])
            elif "choices" in line:
                night.lineups.append(_lineup_of(line))
            elif "area" in line or "more" in line:
                _read_stretch(line, night)
            elif "endpoint" in line:
                night.endpoints.append(_endpoint_of(line, night))
            else:
                raise RecordingError("a line of no known kind")
        except RecordingError as reason:
            raise RecordingError(f"line {number}: {reason}") from reason
        except (KeyError, IndexError, TypeError, ValueError) as reason:
            raise RecordingError(f"line {number}: {type(reason).__name__}: {reason}") from reason
    if night is None:
        raise RecordingError("empty")
    return night


def _header_of(line: dict[str, Any]) -> Header:
    if line.get("format") != FORMAT:
        raise RecordingError("not a recording of returns")
    if line["version"] != VERSION:
        raise RecordingError(f"version {line['version']} of the format; this reads {VERSION}")
    election = line["election"]
    return Header(
        slug=election["slug"],
        name=election["name"],
        date=date.fromisoformat(election["date"]),
        kind=election["kind"],
        base_url=line["base_url"],
        runs=tuple(datetime.fromisoformat(run) for run in line["runs"]),
        title=line["title"],
        source=line["source"],
    )


def _lineup_of(line: dict[str, Any]) -> Lineup:
    return Lineup(
        ContestKey(**line["contest"]),
        line["title"],
        line.get("subject", ""),
        tuple((choice[0], choice[1], len(choice) > 2) for choice in line["choices"]),
    )


def _read_stretch(line: dict[str, Any], night: Night) -> None:
    lineup = night.lineups[line["of"]]
    if "area" in line:
        night.series.append(Series(lineup.contest, _area_of(line["area"]), []))
    series = night.series[line.get("more", -1)]
    runs, minutes, reporting, precincts = (list(accumulate(line[name])) for name in _COLUMNS)
    votes = [list(accumulate(column)) for column in line["votes"]]
    if len(votes) != len(lineup.choices):
        raise RecordingError(f"{len(votes)} columns of votes for {len(lineup.choices)} choices")
    if {len(column) for column in (minutes, reporting, precincts, *votes)} != {len(runs)}:
        raise RecordingError("columns of different lengths")
    if runs[-1] >= len(night.header.runs):
        raise RecordingError("a run that the recording does not have")
    odd = {
        place: (reporting_text, tuple(percents) if percents else None)
        for place, reporting_text, percents in line.get("percents", ())
    }
    of = line["of"]
    by_state = zip(*votes, strict=True) if votes else [()] * len(runs)
    rows = zip(runs, minutes, reporting, precincts, by_state, strict=True)
    series.states.extend(
        (run, of, State(minute, reported, total, row, *odd.get(place, ())))
        for place, (run, minute, reported, total, row) in enumerate(rows)
    )


def _area_of(text: str) -> Area:
    kind, _, number = text.partition(" ")
    return Area(AreaKind(kind), int(number or 0))


def _endpoint_of(line: dict[str, Any], night: Night) -> RecordedEndpoint:
    endpoint = RecordedEndpoint(
        line["endpoint"],
        line["label"],
        [_shape_of(shape, len(night.series)) for shape in line["shapes"]],
        [(run, shape) for run, shape in line["shown"]],
        [Held(*held) for held in line.get("held", ())],
    )
    if any(not 0 <= shape < len(endpoint.shapes) for _, shape in endpoint.shown):
        raise RecordingError("a shape that the endpoint does not have")
    return endpoint


def _shape_of(value: dict[str, Any], series_count: int) -> Shape:
    if "base64" in value:
        return b64decode(value["base64"])
    if "as_is" in value:
        return AsIs(value["as_is"])
    is_list = "list" in value
    slots = value["list"] if is_list else [value["object"]]
    return Form(tuple(_slot_of(slot, series_count) for slot in slots), is_list)


def _slot_of(value: Any, series_count: int) -> Slot:
    if isinstance(value, dict):
        return AsIs(value["as_is"])
    numbers = value if isinstance(value, list) else [value]
    if not all(0 <= number < series_count for number in numbers):
        raise RecordingError("a series that the recording does not have")
    return Group(tuple(numbers)) if isinstance(value, list) else value
