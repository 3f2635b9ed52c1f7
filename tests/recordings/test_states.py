from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.feed.facts import WHOLE, Area, Choice, ContestKey, Report
from results.feed.represent import represent
from results.feed.times import CALIFORNIA
from results.recordings.states import Lineup, State

ELECTION_DAY = date(2024, 3, 5)
MEASURE = ContestKey("ballot-measures", measure="1")
SENATE = ContestKey("us-senate")

counts = st.integers(0, 40_000_000)
times = st.datetimes(
    datetime(2022, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(CALIFORNIA),
).map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def reports(draw):
    names = draw(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
    percents = st.sampled_from(["0.0", "7.3", "50.2", "100.0"])
    return Report(
        SENATE,
        draw(st.sampled_from([WHOLE, Area.county(45)])),
        "U.S. Senate (Full Term)",
        "",
        draw(counts),
        draw(counts),
        draw(st.sampled_from(["0", "7.3", "95.1", "100"])),
        draw(times),
        tuple(
            Choice(name, "Dem", draw(counts), draw(percents), draw(st.booleans())) for name in names
        ),
    )


def measure_report(yes: str, no: str, reporting: str = "100") -> Report:
    choices = (Choice("Yes", "", 3_636_678, yes), Choice("No", "", 3_610_436, no))
    at = datetime(2024, 4, 4, 16, 21, tzinfo=CALIFORNIA)
    title = "Ballot Measures"
    return Report(MEASURE, WHOLE, title, "Bonds", 20_855, 20_855, reporting, at, choices)


@settings(deadline=None)
@given(reports())
def test_a_report_comes_back_from_its_lineup_and_state(report):
    state = State.of(report, ELECTION_DAY)

    again = state.report(Lineup.of(report), report.area, ELECTION_DAY)

    assert represent(again) == represent(report)


def test_percentages_that_follow_from_the_figures_are_not_kept():
    state = State.of(measure_report("50.2", "49.8"), ELECTION_DAY)

    assert state.percents is None
    assert state.reporting_percent is None


def test_percentages_that_the_feed_got_otherwise_are_kept():
    report = measure_report("50.3", "49.8", reporting="95.1")

    state = State.of(report, ELECTION_DAY)

    assert state.percents == ("50.3", "49.8")
    assert state.reporting_percent == "95.1"
    assert state.report(Lineup.of(report), WHOLE, ELECTION_DAY) == report


def test_minutes_are_counted_from_midnight_of_election_day():
    report = measure_report("50.2", "49.8")
    just_after = replace(report, reported_at=datetime(2024, 3, 6, 0, 8, tzinfo=CALIFORNIA))

    assert State.of(just_after, ELECTION_DAY).minute == 24 * 60 + 8


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_gives_the_same_words_again(fold):
    report = measure_report("50.2", "49.8")
    at = datetime(2024, 11, 3, 1, 30, tzinfo=CALIFORNIA, fold=fold)
    twice = replace(report, reported_at=at)

    again = State.of(twice, date(2024, 11, 5)).report(Lineup.of(twice), WHOLE, date(2024, 11, 5))

    assert represent(again)["ReportingTime"] == "November 3, 2024, 1:30 a.m."
