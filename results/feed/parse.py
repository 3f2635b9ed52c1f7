"""From the bytes of a body to what it says. Never raises: what is wrong becomes a Problem."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from results.feed.contest_ids import ContestIdError, parse_contest_id
from results.feed.counties import BY_SLUG
from results.feed.facts import WHOLE, Area, Choice, ContestKey, ParsedBody, Problem, Report
from results.feed.offices import OFFICES, PARTY_BY_CODE, Office
from results.feed.parse_status import parse_statuses
from results.feed.paths import Endpoint, UnknownEndpoint, parse_path
from results.feed.times import parse_reporting_time
from results.feed.titles import Title, identify, read_title
from results.feed.values import FieldError, count, required

_REPORTING = re.compile(
    r"([<>]?[\d.]+)% \(([\d,]+) of ([\d,]+)\) precincts (?:partially )?reporting"
)
_PERCENT = re.compile(r"\d{1,3}(\.\d+)?")


def parse_body(path: str, body: bytes) -> ParsedBody:
    """All that a body says.

    path is the address below /returns/ that it came from; it decides what the body may be about.
    A bad element of a list is a Problem, and its good neighbours are still reports.
    """
    reader = _Reader(path)
    try:
        endpoint = parse_path(path)
        data = _json(body)
        if endpoint.office == "status":
            return ParsedBody(*parse_statuses(path, data))
        if endpoint.office == "query":
            reader.read_query(endpoint, data)
        elif endpoint.office == "maps":
            reader.read_map(endpoint, data)
        else:
            reader.read_elements(endpoint, data)
    except UnknownEndpoint as reason:
        reader.problem("", str(reason))
    except FieldError as wrong:
        reader.problem(wrong.field, wrong.reason)
    return ParsedBody(tuple(reader.reports), (), tuple(reader.problems))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as reason:
        raise FieldError("", f"not UTF-8 at byte {reason.start}") from None
    except json.JSONDecodeError as reason:
        start = body[:40].decode("utf-8", "replace").strip()
        if not start:
            raise FieldError("", "the body is empty") from None
        what = "HTML" if start.startswith("<") else "not JSON"
        raise FieldError(
            "",
            f"{what} ({reason.msg} at character {reason.pos} of {len(body)}); it begins {start!r}",
        ) from None
    except (RecursionError, ValueError) as reason:
        raise FieldError("", f"not JSON that can be read: {reason}") from None


@dataclass
class _Reader:
    """What has been read of one body so far."""

    path: str
    reports: list[Report] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, where: str, reason: str) -> None:
        self.problems.append(Problem(self.path, where, reason))

    def read_elements(self, endpoint: Endpoint, data: Any) -> None:
        for where, element in _elements(data):
            self._attempt(where, lambda e=element, w=where: self._read_element(endpoint, e, w))

    def _attempt(self, where: str, read: Callable[[], None]) -> None:
        try:
            read()
        except FieldError as wrong:
            self.problem(f"{where}{wrong.field}".lstrip("."), wrong.reason)

    def _read_element(self, endpoint: Endpoint, element: Any, where: str) -> None:
        title = _title_of(element)
        key, area = _identified(endpoint, title)
        self._check_county(endpoint, area)
        self._report(key, area, title, element, where)

    @staticmethod
    def _check_county(endpoint: Endpoint, area: Area) -> None:
        if area.kind != "county" or endpoint.county == "all":
            return
        asked = BY_SLUG[endpoint.county].number if endpoint.county else None
        if area.number != asked:
            raise FieldError(".raceTitle", "names a county that was not asked for")

    def read_query(self, endpoint: Endpoint, data: Any) -> None:
        """Elements are matched with the ids in their order, and by title where that fails."""
        wanted: list[tuple[ContestKey, Area] | None] = []
        for number in endpoint.ids:
            try:
                wanted.append(parse_contest_id(number))
            except ContestIdError as reason:
                self.problem("r", str(reason))
                wanted.append(None)
        elements = list(_elements(data))
        if len(elements) != len(wanted):
            self.problem("", f"{len(wanted)} contests asked for, {len(elements)} came")
        for place, (where, element) in enumerate(elements):
            self._attempt(
                where, lambda p=place, e=element, w=where: self._read_answer(wanted, p, e, w)
            )

    def _read_answer(
        self,
        wanted: list[tuple[ContestKey, Area] | None],
        place: int,
        element: Any,
        where: str,
    ) -> None:
        title = _title_of(element)
        in_order = [place, *(n for n in range(len(wanted)) if n != place)]
        for n in in_order:
            asked = wanted[n] if n < len(wanted) else None
            if asked is None or not _answers(title, *asked):
                continue
            before = len(self.reports)
            self._report(*asked, title, element, where, only=asked[0])
            if len(self.reports) > before:
                wanted[n] = None
                return
        raise FieldError(".raceTitle", f"{title.text!r} is none of the contests asked for")

    def read_map(self, endpoint: Endpoint, data: Any) -> None:
        inside = parse_path(endpoint.rest)
        if not isinstance(data, dict):
            raise FieldError("", f"an object by county was expected, not {_kind(data)}")
        for slug, element in data.items():
            self._attempt(f".{slug}", lambda e=element, s=slug: self._read_map_area(inside, s, e))

    def _read_map_area(self, endpoint: Endpoint, slug: str, element: Any) -> None:
        if slug != "statewide" and slug not in BY_SLUG:
            raise FieldError("", "is neither a county nor statewide")
        title = _title_of(element)
        key, area = _identified(endpoint, title)
        told = WHOLE if slug == "statewide" else Area.county(BY_SLUG[slug].number)
        if area != told:
            raise FieldError(".raceTitle", f"{title.text!r} is not about {slug}")
        self._report(key, area, title, element, f".{slug}")

    def _report(
        self,
        key: ContestKey,
        area: Area,
        title: Title,
        element: dict[str, Any],
        where: str,
        only: ContestKey | None = None,
    ) -> None:
        """The reports of one element, of which only those of one contest if it is given."""
        office = OFFICES[key.office]
        percent, reporting, total = _reporting(required(element, "Reporting"))
        reported_at = _time(required(element, "ReportingTime"))
        items = required(element, office.list_key)
        if not isinstance(items, list) or not items:
            raise FieldError(
                f".{office.list_key}", f"a filled list was expected, not {items!r:.40}"
            )
        if reporting > total:
            self.problem(
                f"{where}.Reporting".lstrip("."),
                f"{reporting:,} precincts report of {total:,} that there are",
            )
        found: list[tuple[ContestKey, str, tuple[Choice, ...]]]
        if office.body == "candidates":
            found = [(key, "", _candidates(items))]
        else:
            found = [_yes_no(office, key, item, n) for n, item in enumerate(items)]
            _once([contest for contest, _, _ in found], office.list_key)
        self.reports.extend(
            Report(
                contest,
                area,
                title.contest,
                subject,
                reporting,
                total,
                percent,
                reported_at,
                choices,
            )
            for contest, subject, choices in found
            if only is None or contest == only
        )


def _elements(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        yield "", data
    elif not isinstance(data, list):
        raise FieldError("", f"an object or a list was expected, not {_kind(data)}")
    elif not data:
        raise FieldError("", "the list is empty")
    else:
        for place, element in enumerate(data):
            yield f"[{place}]", element


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")


def _title_of(element: Any) -> Title:
    if not isinstance(element, dict):
        raise FieldError("", f"a contest was expected, not {_kind(element)}")
    if "raceTitle" not in element and isinstance(element.get("message"), str):
        raise FieldError("", f"no contest but a message: {element['message'][:200]!r}")
    text = required(element, "raceTitle")
    try:
        return read_title(text)
    except ValueError as reason:
        raise FieldError(".raceTitle", str(reason)) from None


def _identified(endpoint: Endpoint, title: Title) -> tuple[ContestKey, Area]:
    try:
        return identify(endpoint.office, endpoint.party, endpoint.district, endpoint.measure, title)
    except ValueError as reason:
        raise FieldError(".raceTitle", str(reason)) from None


def _answers(title: Title, key: ContestKey, area: Area) -> bool:
    """Whether an element of this title can be what a contest id asked for."""
    try:
        found, told = identify(key.office, key.party, key.district or None, key.measure, title)
    except ValueError:
        return False
    return told == area and found.district == key.district


def _reporting(text: Any) -> tuple[str, int, int]:
    """(percent without a trailing ".0", precincts reporting, precincts)."""
    found = _REPORTING.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise FieldError(
            ".Reporting", f"{text!r} is not like '7.3% (1,519 of 20,855) precincts reporting'"
        )
    percent, reporting, total = found.groups()
    try:
        return percent.removesuffix(".0"), count(reporting), count(total)
    except ValueError as reason:
        raise FieldError(".Reporting", str(reason)) from None


def _time(text: Any) -> datetime:
    try:
        return parse_reporting_time(text)
    except (ValueError, TypeError, AttributeError) as reason:
        raise FieldError(".ReportingTime", str(reason)) from None


def _candidates(items: list[Any]) -> tuple[Choice, ...]:
    try:
        # Nearly every body is well formed, and this is where a sweep spends its time.
        choices = tuple(
            Choice(
                _name(item["Name"]),
                PARTY_BY_CODE[item["Party"]].code,
                count(item["Votes"]),
                _percent(item["Percent"]),
                _incumbent(item.get("incumbent", False)),
            )
            for item in items
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        choices = tuple(_diagnosed(item, place) for place, item in enumerate(items))
    _once([(choice.name, choice.party) for choice in choices], "candidates")
    return choices


def _diagnosed(item: Any, place: int) -> Choice:
    """A candidate read field by field, to say which one is wrong."""
    where = f".candidates[{place}]"
    if not isinstance(item, dict):
        raise FieldError(where, f"a candidate was expected, not {_kind(item)}")
    party = required(item, "Party", where)
    if not isinstance(party, str) or party not in PARTY_BY_CODE:
        raise FieldError(f"{where}.Party", f"{party!r} is no party that the feed is known to use")
    return Choice(
        _field(item, "Name", where, _name),
        party,
        _field(item, "Votes", where, count),
        _field(item, "Percent", where, _percent),
        _field({"incumbent": False, **item}, "incumbent", where, _incumbent),
    )


def _field(item: dict[str, Any], name: str, where: str, read: Callable[[Any], Any]) -> Any:
    value = required(item, name, where)
    try:
        return read(value)
    except (ValueError, TypeError, AttributeError) as reason:
        raise FieldError(f"{where}.{name}", str(reason)) from None


def _yes_no(
    office: Office, key: ContestKey, item: Any, place: int
) -> tuple[ContestKey, str, tuple[Choice, ...]]:
    where = f".{office.list_key}[{place}]"
    if not isinstance(item, dict):
        raise FieldError(where, f"yes and no votes were expected, not {_kind(item)}")
    name = _field(item, "Name", where, _name)
    choices = tuple(
        Choice(
            word,
            "",
            _field(item, f"{word.lower()}Votes", where, count),
            _field(item, f"{word.lower()}Percent", where, _percent),
        )
        for word in ("Yes", "No")
    )
    if office.body == "measures":
        number = _field(item, "Number", where, _measure_number)
        return ContestKey(key.office, measure=number), name, choices
    return ContestKey(key.office, district=key.district, justice=name), name, choices


def _once(keys: list[Any], list_key: str) -> None:
    if len(set(keys)) != len(keys):
        place = next(n for n, key in enumerate(keys) if key in keys[:n])
        raise FieldError(f".{list_key}[{place}]", f"{keys[place]!r} stands in the list twice")


@lru_cache(maxsize=8192)
def _name(text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{text!r} is no name")
    return text


@lru_cache(maxsize=2048)
def _percent(text: Any) -> str:
    if isinstance(text, int | float) and not isinstance(text, bool):
        text = f"{text:.1f}"
    if not isinstance(text, str) or not _PERCENT.fullmatch(text):
        raise ValueError(f"{text!r} is no percentage")
    return text


def _incumbent(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", ""):
        return value.lower() == "true"
    raise ValueError(f"{value!r} is neither true nor false")


def _measure_number(value: Any) -> str:
    number = str(value).lstrip("0").upper()
    if isinstance(value, bool) or not re.fullmatch("[0-9A-Z]{1,5}", number):
        raise ValueError(f"{value!r} is no measure's number")
    return number
