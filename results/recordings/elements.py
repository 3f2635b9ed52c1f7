"""Elements of bodies: one contest, or one list of measures or justices, in one area."""

from collections.abc import Sequence
from typing import Any

from results.feed.facts import Report
from results.feed.offices import OFFICES
from results.feed.represent import represent, represent_group

_GROUP_KEYS = frozenset(
    office.list_key for office in OFFICES.values() if office.body != "candidates"
)


def report_count(element: Any) -> int | None:
    """How many reports an element of measures or justices holds; None for any other element."""
    if isinstance(element, dict):
        for key in _GROUP_KEYS & element.keys():
            if isinstance(element[key], list):
                return len(element[key])
    return None


def element_of(reports: Sequence[Report], in_group: bool) -> dict[str, Any]:
    """The element that says these reports: a list of measures or justices, or one contest."""
    return represent_group(reports) if in_group else represent(reports[0])
