from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.feed.times import (
    CALIFORNIA,
    format_reporting_time,
    parse_compact_time,
    parse_reporting_time,
)
from tests.feed.strategies import moments


@pytest.mark.parametrize(
    ("text", "in_utc"),
    [
        ("March 5, 2024, 8:21 p.m.", datetime(2024, 3, 6, 4, 21, tzinfo=UTC)),
        ("March 6, 2024, 12:02 a.m.", datetime(2024, 3, 6, 8, 2, tzinfo=UTC)),
        ("March 6, 2024, 12:02 p.m.", datetime(2024, 3, 6, 20, 2, tzinfo=UTC)),
        ("April 4, 2024, 4:26 p.m.", datetime(2024, 4, 4, 23, 26, tzinfo=UTC)),
        ("November 8, 2022, 11:59 p.m.", datetime(2022, 11, 9, 7, 59, tzinfo=UTC)),
    ],
)
def test_a_time_in_words_is_pacific(text, in_utc):
    moment = parse_reporting_time(text)
    assert moment == in_utc
    assert moment.tzinfo is CALIFORNIA


@pytest.mark.parametrize(
    "text",
    ["March 5, 2024, 8:21 PM", "march 5, 2024 8:21 pm", " March 05, 2024, at 8:21 p.m. "],
)
def test_other_spellings_of_the_same_time(text):
    assert parse_reporting_time(text) == parse_reporting_time("March 5, 2024, 8:21 p.m.")


@given(moments)
def test_a_time_written_and_read_is_the_same(moment):
    assert parse_reporting_time(format_reporting_time(moment)) == moment


def test_a_moment_of_another_zone_is_written_in_pacific_time():
    assert (
        format_reporting_time(datetime(2024, 3, 6, 8, 2, 59, tzinfo=UTC))
        == "March 6, 2024, 12:02 a.m."
    )


def test_in_the_hour_that_comes_twice_the_first_is_meant():
    moment = parse_reporting_time("November 6, 2022, 1:30 a.m.")
    assert moment.astimezone(UTC) == datetime(2022, 11, 6, 8, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_written_as_it_was_read():
    skipped = "March 10, 2024, 2:30 a.m."
    assert format_reporting_time(parse_reporting_time(skipped)) == skipped


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a time like"),
        ("yesterday", "is not a time like"),
        ("March 5, 2024", "is not a time like"),
        ("2024-03-05T20:21:00", "is not a time like"),
        ("March ５, 2024, 8:21 p.m.", "is not a time like"),
        ("Marzo 5, 2024, 8:21 p.m.", "'Marzo' in .* is no month"),
        ("March 5, 2024, 0:21 p.m.", "has the hour 0, not 1 to 12"),
        ("March 5, 2024, 13:21 p.m.", "has the hour 13, not 1 to 12"),
        ("March 5, 2024, 8:60 p.m.", "minute must be in 0..59"),
        ("February 30, 2024, 8:21 p.m.", "day"),
        ("March 5, 9999, 8:21 p.m.", "has the year 9999"),
        ("March 5, 0001, 8:21 p.m.", "has the year 1"),
        (None, "None is not a time like"),
        (20240305, "20240305 is not a time like"),
    ],
)
def test_what_is_no_time_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_reporting_time(text)


@pytest.mark.parametrize("text", ["202403052021", "20240305202159"])
def test_a_time_in_digits(text):
    assert parse_compact_time(text) == parse_reporting_time("March 5, 2024, 8:21 p.m.")


@pytest.mark.parametrize("read", [parse_reporting_time, parse_compact_time])
@given(text=st.text(max_size=40))
def test_any_text_is_a_time_or_a_value_error(read, text):
    try:
        moment = read(text)
    except ValueError:
        return
    assert moment.tzinfo is CALIFORNIA
