"""What an element lists: candidates, or the yes and no of measures and justices."""

from collections.abc import Hashable, Sequence
from typing import Any

from results.feed.facts import Choice, ContestKey
from results.feed.offices import PARTY_BY_CODE, Office
from results.feed.values import (
    LONGEST_NAME,
    FieldError,
    count,
    field,
    incumbent,
    kind_of,
    measure_number,
    name,
    percent,
    shown,
    subject,
    text,
)

_CODES = {code: code for code in PARTY_BY_CODE}


def read_candidates(items: Sequence[Any]) -> tuple[Choice, ...]:
    """The candidates of a contest, in the feed's order.

    Raises FieldError, its field beginning at the list, if any of them cannot be understood: a
    contest without one of its candidates would be wrong in every share.
    """
    try:
        # Nearly every body is well formed, and this is where a sweep spends its time.
        choices = [
            Choice(
                text(item["Name"], LONGEST_NAME),
                _CODES[item["Party"]],
                count(item["Votes"]),
                percent(item["Percent"]),
                incumbent(item["incumbent"]),
            )
            for item in items
        ]
    except (KeyError, TypeError, ValueError, IndexError):
        choices = [_candidate(item, place) for place, item in enumerate(items)]
    _distinct([(choice.name, choice.party) for choice in choices])
    return tuple(choices)


def _candidate(item: Any, place: int) -> Choice:
    """A candidate read field by field, to say which one is wrong."""
    try:
        if not isinstance(item, dict):
            raise FieldError("", f"a candidate was expected, not {kind_of(item)}")
        return Choice(
            field(item, "Name", name),
            field(item, "Party", _party),
            field(item, "Votes", count),
            field(item, "Percent", percent),
            field({"incumbent": False, **item}, "incumbent", incumbent),
        )
    except FieldError as wrong:
        raise FieldError(f"[{place}]{wrong.field}", wrong.reason) from None


def _party(value: Any) -> str:
    if not isinstance(value, str) or value not in _CODES:
        raise ValueError(f"{shown(value)} is no party that the feed is known to use")
    return value


def _distinct(keys: Sequence[Hashable]) -> None:
    if len(set(keys)) != len(keys):
        place = next(n for n, key in enumerate(keys) if key in keys[:n])
        raise FieldError(f"[{place}]", f"{keys[place]} stands in the list twice")


def read_yes_no(
    office: Office, key: ContestKey, item: Any
) -> tuple[ContestKey, str, tuple[Choice, ...]]:
    """(contest, its name, yes and no) of one measure or justice of a list.

    Raises FieldError, its field beginning at the item.
    """
    if not isinstance(item, dict):
        raise FieldError("", f"yes and no votes were expected, not {kind_of(item)}")
    choices = (
        Choice("Yes", "", field(item, "yesVotes", count), field(item, "yesPercent", percent)),
        Choice("No", "", field(item, "noVotes", count), field(item, "noPercent", percent)),
    )
    if office.body == "measures":
        number = field(item, "Number", measure_number)
        return ContestKey(key.office, measure=number), field(item, "Name", subject), choices
    justice = field(item, "Name", name)
    return ContestKey(key.office, district=key.district, justice=justice), justice, choices


def measures_in(items: Any) -> set[str]:
    """The numbers of the measures that a list holds, as far as they can be read."""
    numbers = set()
    for item in items if isinstance(items, list) else ():
        try:
            numbers.add(measure_number(item["Number"]))
        except (ValueError, TypeError, LookupError):
            continue
    return numbers
