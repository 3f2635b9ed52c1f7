"""Reading single values of a body, with errors that name the field."""

import re
from functools import lru_cache
from typing import Any

_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,12}", re.ASCII)


class FieldError(Exception):
    """A value that cannot be understood: in which field of the body, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def required(item: dict[str, Any], name: str, where: str = "") -> Any:
    """The value under a key. Raises FieldError where the key is missing."""
    try:
        return item[name]
    except KeyError:
        raise FieldError(f"{where}.{name}", "is missing") from None


@lru_cache(maxsize=65536)
def count(value: Any) -> int:
    """A number of votes or precincts: "1,118,411", "3636678" or a plain number.

    Raises ValueError for anything else, a negative number among them.
    """
    if isinstance(value, str) and _COUNT.fullmatch(value):
        return int(value.replace(",", ""))
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError(f"{value!r} is no count")
