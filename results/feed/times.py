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
_FORM = re.compile(
    r"([A-Za-z]+) (\d{1,2}), (\d{4}),? (?:at )?(\d{1,2}):(\d\d) ?([ap])\.?m\.?", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def parse_reporting_time(text: str) -> datetime:
    """The moment a ReportingTime tells, aware, Pacific.

    In the hour that comes twice when summer time ends, the first is meant (the feed cannot say).
    Raises ValueError for what is not such a time.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a time like 'March 5, 2024, 8:21 p.m.'")
    month, day, year, hour, minute, half = found.groups()
    if month.lower() not in _NUMBER:
        raise ValueError(f"{month!r} in {text!r} is no month")
    if not 1 <= int(hour) <= 12:
        raise ValueError(f"{text!r} has the hour {hour}, not 1 to 12")
    on_24_hours = int(hour) % 12 + (12 if half.lower() == "p" else 0)
    try:
        return datetime(
            int(year),
            _NUMBER[month.lower()],
            int(day),
            on_24_hours,
            int(minute),
            tzinfo=CALIFORNIA,
        )
    except ValueError as reason:
        raise ValueError(f"{text!r} is no time: {reason}") from None


def format_reporting_time(moment: datetime) -> str:
    """A moment in the feed's words."""
    at = moment.astimezone(CALIFORNIA)
    half = "a.m." if at.hour < 12 else "p.m."
    return (
        f"{_MONTHS[at.month - 1]} {at.day}, {at.year}, {at.hour % 12 or 12}:{at.minute:02d} {half}"
    )
