import json
import lzma
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from results.feed.facts import WHOLE, Area, ContestKey
from results.recordings.format import (
    AsIs,
    Form,
    Group,
    Held,
    Night,
    RecordedEndpoint,
    RecordingError,
    Series,
    lines_of,
    night_of,
    read,
    write,
)
from results.recordings.states import Lineup, State
from tests.recordings.conftest import HEADER

counts = st.integers(0, 40_000_000)
# Everything JSON text can hold, line and paragraph separators among it.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
areas = st.just(WHOLE) | st.builds(Area.county, st.integers(1, 58))
areas |= st.builds(Area.district, st.integers(1, 53))
contests = st.builds(
    ContestKey,
    st.sampled_from(["us-senate", "president", "courts-of-appeal"]),
    party=st.sampled_from(["", "green"]),
    district=st.integers(0, 80),
    measure=st.sampled_from(["", "1", "1A"]),
    justice=texts,
)
choices = st.lists(st.tuples(texts, texts, st.booleans()), min_size=1, max_size=4).map(tuple)


@st.composite
def nights(draw):
    run_count = draw(st.integers(1, 6))
    start = datetime(2024, 3, 6, 4, 6, 30, tzinfo=UTC)
    runs = tuple(start + timedelta(minutes=9 * run) for run in range(run_count))
    contest = draw(contests)
    lineups = [
        Lineup(contest, draw(texts), draw(texts), draw(choices))
        for _ in range(draw(st.integers(1, 3)))
    ]
    series = []
    for area in draw(st.lists(areas, min_size=1, max_size=4, unique=True)):
        starts = sorted(draw(st.lists(st.integers(0, run_count - 1), min_size=1, max_size=6)))
        states = []
        for run in starts:
            number = draw(st.integers(0, len(lineups) - 1))
            width = len(lineups[number].choices)
            percents = st.none() | st.lists(
                st.sampled_from(["0.0", "9.9"]), min_size=width, max_size=width
            ).map(tuple)
            state = State(
                draw(st.integers(-600_000, 50_000)),
                draw(counts),
                draw(counts),
                tuple(draw(st.lists(counts, min_size=width, max_size=width))),
                draw(st.sampled_from([None, "95.1"])),
                draw(percents),
            )
            states.append((run, number, state))
        series.append(Series(contest, area, states))
    numbers = st.integers(0, len(series) - 1)
    slots = st.one_of(
        numbers,
        st.lists(numbers, min_size=1, max_size=3).map(lambda n: Group(tuple(n))),
        st.builds(AsIs, json_values),
    )
    shapes = st.one_of(
        st.lists(slots, min_size=1, max_size=4).map(lambda s: Form(tuple(s), is_list=True)),
        slots.map(lambda slot: Form((slot,), is_list=False)),
        st.builds(AsIs, json_values),
        st.binary(max_size=8),
    )
    endpoints = [
        RecordedEndpoint(
            draw(texts),
            draw(texts),
            [draw(shapes)],
            [(0, 0)],
            draw(st.lists(st.builds(Held, *[st.integers(0, 5)] * 4), max_size=2)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    return Night(replace(HEADER, runs=runs), lineups, series, endpoints)


def a_night() -> Night:
    lineup = Lineup(ContestKey("us-senate"), "U.S. Senate", "", (("Ann Lee", "Dem", True),))
    states = [(0, 0, State(1204, 0, 118, (0,))), (1, 0, State(1403, 9, 118, (712,)))]
    runs = (datetime(2024, 3, 6, 5, tzinfo=UTC), datetime(2024, 3, 6, 6, tzinfo=UTC))
    return Night(
        replace(HEADER, runs=runs),
        [lineup],
        [Series(lineup.contest, WHOLE, states)],
        [RecordedEndpoint("us-senate", "us-senate", [Form((0,), False)], [(0, 0)])],
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nights())
def test_a_night_comes_back_from_its_lines(night):
    assert night_of(lines_of(night)) == night


def test_a_night_comes_back_from_its_file(tmp_path):
    path = tmp_path / "a-night.returns.xz"

    write(a_night(), path)

    assert read(path) == a_night()


def test_columns_hold_differences():
    area = json.loads(list(lines_of(a_night()))[2])

    assert area["minutes"] == [1204, 199]
    assert area["votes"] == [[0, 712]]


def test_an_area_goes_on_under_a_new_lineup_in_a_line_of_its_own():
    night = a_night()
    night.lineups.append(replace(night.lineups[0], choices=(("Anne Lee", "Dem", True),)))
    night.series[0].states.append((1, 1, State(1410, 9, 118, (713,))))

    lines = [json.loads(line) for line in lines_of(night)]

    assert lines[4]["more"] == 0
    assert night_of(map(json.dumps, lines)) == night


@pytest.mark.parametrize(
    ("line", "change", "reason"),
    [
        (0, {"format": "something"}, "line 1: not a recording of returns"),
        (0, {"version": 2}, "line 1: version 2 of the format; this reads 1"),
        (0, {"runs": ["yesterday"]}, "line 1: ValueError"),
        (2, {"votes": []}, "line 3: 0 columns of votes for 1 choices"),
        (2, {"votes": [[0]]}, "line 3: columns of different lengths"),
        (2, {"runs": [0, 2]}, "line 3: a run that the recording does not have"),
        (2, {"of": 7}, "line 3: IndexError"),
        (2, {"area": "parish 1"}, "line 3: ValueError"),
        (3, {"shapes": [{"object": 1}]}, "line 4: a series that the recording does not have"),
        (3, {"shown": [[0, 1]]}, "line 4: a shape that the endpoint does not have"),
    ],
)
def test_a_wrong_line_is_named(line, change, reason):
    lines = [json.loads(text) for text in lines_of(a_night())]
    lines[line].update(change)

    with pytest.raises(RecordingError) as raised:
        night_of(map(json.dumps, lines))

    assert str(raised.value).startswith(reason)


def test_a_line_of_no_known_kind_is_refused():
    with pytest.raises(RecordingError, match="line 5: a line of no known kind"):
        night_of([*lines_of(a_night()), '{"weather": "rain"}'])


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "cut.returns.xz"
    write(a_night(), path)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(RecordingError, match=r"cut\.returns\.xz: not a whole xz file"):
        read(path)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.returns.xz"
    path.write_bytes(lzma.compress(b""))

    with pytest.raises(RecordingError, match="line 1"):
        read(path)
