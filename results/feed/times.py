"""The feed's times: "March 5, 2024, 8:21 p.m.", Pacific, without a zone."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

CALIFORNIA = ZoneInfo("America/Los_Angeles")
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
).split("|")
_NUMBER = {name.lower(): number for number, name in enumerate(_MONTHS, start=1)}
_IN_WORDS = re.compile(
    r"([A-Z]+) (\d{1,2}), (\d{4}),? (?:at )?(\d{1,2}):(\d\d) ?([ap])\.?m\.?",
    re.IGNORECASE | re.ASCII,
)
_IN_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:\d\d)?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1990, 2199


@lru_cache(maxsize=4096)
def parse_reporting_time(text: str) -> datetime:
    """The moment a ReportingTime tells, aware, Pacific.

    In the hour that comes twice when summer time ends, the first is meant (the feed cannot say).
    Raises ValueError for what is not such a time, or lies outside 1990 to 2199.
    """
    found = _IN_WORDS.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"{text!r:.80} is not a time like 'March 5, 2024, 8:21 p.m.'")
    month, day, year, hour, minute, half = found.groups()
    if month.lower() not in _NUMBER:
        raise ValueError(f"{month!r:.80} in {text!r:.80} is no month")
    if not 1 <= int(hour) <= 12:
        raise ValueError(f"{text!r} has the hour {hour}, not 1 to 12")
    on_24_hours = int(hour) % 12 + (12 if half.lower() == "p" else 0)
    return _moment(text, int(year), _NUMBER[month.lower()], int(day), on_24_hours, int(minute))


@lru_cache(maxsize=4096)
def parse_compact_time(text: str) -> datetime:
    """The moment that yyyyMMddHHmm tells, seconds after it ignored; else as the times in words."""
    found = _IN_DIGITS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r:.80} is not a time like '202403052021'")
    return _moment(text, *map(int, found.groups()))


def _moment(text: str, year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"{text!r} has the year {year}")
    try:
        return datetime(year, month, day, hour, minute, tzinfo=CALIFORNIA)
    except ValueError as reason:
        raise ValueError(f"{text!r} is no time: {reason}") from None


def format_reporting_time(moment: datetime) -> str:
    """A moment in the feed's words; seconds are dropped."""
    at = moment.astimezone(CALIFORNIA)
    half = "a.m." if at.hour < 12 else "p.m."
    return (
        f"{_MONTHS[at.month - 1]} {at.day}, {at.year}, {at.hour % 12 or 12}:{at.minute:02d} {half}"
    )
