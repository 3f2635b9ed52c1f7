"""Reading single values of a body, with errors that name the field."""

import re
from collections.abc import Callable
from functools import lru_cache
from reprlib import Repr
from typing import Any, TypeVar

T = TypeVar("T")

LARGEST_COUNT = 999_999_999
"""No count of votes, voters or precincts is larger; California has some 40 million people."""
# What the returns that are kept have room for. The longest of 2022 and 2024: a candidate's name
# of 33 characters, a measure's of 47, a title of 74.
LONGEST_NAME = 120
LONGEST_TITLE = 200
LONGEST_SUBJECT = 400

_COUNT = re.compile(r"\d{1,3}(?:,\d{3}){1,2}|\d{1,9}", re.ASCII)
_PERCENT = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
_MEASURE_NUMBER = re.compile("[0-9A-Z]{1,5}")
_INCUMBENT = {False: False, True: True, None: False, "": False, "false": False, "true": True}

_short = Repr()
_short.maxstring = _short.maxother = 80


class FieldError(Exception):
    """A value that cannot be understood: in which field of the body, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def shown(value: Any) -> str:
    """A value of a body as an error quotes it: short, with nothing that cannot be printed."""
    return _short.repr(value)


def kind_of(value: Any) -> str:
    """What JSON calls a value of this kind."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")


def required(item: dict[str, Any], name: str) -> Any:
    """The value under a key. Raises FieldError where the key is missing."""
    try:
        return item[name]
    except KeyError:
        raise FieldError(f".{name}", "is missing") from None


def field(item: dict[str, Any], name: str, read: Callable[[Any], T]) -> T:
    """The value under a key, read. Raises FieldError where it is missing or cannot be read."""
    value = required(item, name)
    try:
        return read(value)
    # Readers keep what they have read in a cache, for which a list or an object is no key.
    except (ValueError, TypeError) as reason:
        words = str(reason) if isinstance(reason, ValueError) else f"{shown(value)} is no value"
        raise FieldError(f".{name}", words) from None


def count(value: Any) -> int:
    """A number of votes, voters or precincts: "1,118,411", "3636678" or a plain number.

    Raises ValueError for anything else, negative and impossibly large numbers among it.
    """
    if type(value) is str and _COUNT.fullmatch(value):
        return int(value.replace(",", ""))
    if type(value) is int and 0 <= value <= LARGEST_COUNT:
        return value
    raise ValueError(f"{shown(value)} is no count from 0 to {LARGEST_COUNT:,}")


@lru_cache(maxsize=16384, typed=True)
def text(value: Any, longest: int) -> str:
    """A text that can be kept and shown. Raises ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is no text")
    if not value.strip():
        raise ValueError("is empty")
    if len(value) > longest:
        raise ValueError(f"{shown(value)} has {len(value):,} characters, over {longest}")
    if _NOT_TEXT.search(value):
        raise ValueError(f"{shown(value)} holds a character that no text has")
    return value


def name(value: Any) -> str:
    """The name of a candidate or justice. Raises ValueError for what is none."""
    return text(value, LONGEST_NAME)


def subject(value: Any) -> str:
    """The name of a measure. Raises ValueError for what is none."""
    return text(value, LONGEST_SUBJECT)


@lru_cache(maxsize=4096, typed=True)
def percent(value: Any) -> str:
    """A share as the feed writes it, "15.3"; numbers get its one decimal.

    Raises ValueError for anything else.
    """
    written = value
    if type(value) is float or (type(value) is int and 0 <= value <= 100):
        written = f"{value:.1f}"
    if not isinstance(written, str) or not _PERCENT.fullmatch(written):
        raise ValueError(f"{shown(value)} is no percentage")
    return written


def incumbent(value: Any) -> bool:
    """Whether a candidate is the incumbent. Raises ValueError for what says neither."""
    try:
        return _INCUMBENT[value]
    except (KeyError, TypeError):
        raise ValueError(f"{shown(value)} is neither true nor false") from None


def measure_number(value: Any) -> str:
    """A measure's number without the zeros it is padded with: "01" is "1".

    Raises ValueError for what is no number of a measure.
    """
    number = str(value).lstrip("0").upper() if type(value) in (str, int) else ""
    if not _MEASURE_NUMBER.fullmatch(number):
        raise ValueError(f"{shown(value)} is no measure's number")
    return number
