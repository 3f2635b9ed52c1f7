"""From the bytes of a body to what it says. Never raises: what is wrong becomes a Problem."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from results.feed.choices import measures_in, read_candidates, read_yes_no
from results.feed.contest_ids import ContestIdError, parse_contest_id
from results.feed.counties import BY_SLUG
from results.feed.facts import (
    WHOLE,
    Area,
    AreaKind,
    Choice,
    ContestKey,
    ParsedBody,
    Problem,
    Report,
)
from results.feed.offices import OFFICES, Office
from results.feed.parse_status import parse_statuses
from results.feed.paths import Endpoint, UnknownEndpoint, parse_path
from results.feed.times import parse_reporting_time
from results.feed.titles import Identified, identify
from results.feed.values import FieldError, count, kind_of, required, shown

MOST_PROBLEMS = 100
"""Problems told of one body; a body with more is broken as a whole."""
_REPORTING = re.compile(
    r"([<>]?\d{1,3}(?:\.\d{1,2})?)% \(([\d,]+) of ([\d,]+)\) precincts? (?:partially )?reporting",
    re.ASCII,
)
_LONGEST_PERCENT = 6
_RECALL_KEYS = ("yesVotes", "noVotes")

Wanted = tuple[ContestKey, Area]


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
            statuses, problems = parse_statuses(path, data)
            return ParsedBody((), statuses, problems)
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
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as reason:
        raise FieldError("", f"not UTF-8 at byte {reason.start}") from None
    except json.JSONDecodeError as reason:
        start = body[:40].decode("utf-8", "replace").strip()
        if not start:
            raise FieldError("", "the body is empty") from None
        what = "HTML" if start.startswith("<") else "not JSON"
        raise FieldError(
            "",
            f"{what} ({reason.msg} at character {reason.pos} of {len(reason.doc)}); "
            f"it begins {start!r}",
        ) from None
    except (RecursionError, ValueError) as reason:
        raise FieldError("", f"not JSON that can be read: {reason}") from None


@dataclass
class _Reader:
    """What has been read of one body so far."""

    path: str
    reports: list[Report] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    told: set[tuple[int, AreaKind, int]] = field(default_factory=set)
    """District and area of the elements read, to notice one that comes twice."""

    def problem(self, where: str, reason: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.path, where.lstrip("."), reason))

    def read_elements(self, endpoint: Endpoint, data: Any) -> None:
        for where, element in _elements(data):
            try:
                found = _identified(endpoint, _title_of(element))
                _check_county(endpoint, found.area)
                self._note_once(found)
                self._report(found, element, where, only=endpoint.measure)
            except FieldError as wrong:
                self.problem(f"{where}{wrong.field}", wrong.reason)

    def _note_once(self, found: Identified) -> None:
        told = (found.contest.district, found.area.kind, found.area.number)
        if told in self.told:
            raise FieldError(".raceTitle", f"{found.title!r} came before for the same area")
        self.told.add(told)

    def read_query(self, endpoint: Endpoint, data: Any) -> None:
        """Elements answer the ids in their order.

        Where the feed leaves one out, those after it are still recognised by their titles.
        """
        wanted: list[Wanted | None] = []
        for number in endpoint.ids:
            try:
                wanted.append(parse_contest_id(number))
            except ContestIdError as reason:
                self.problem("r", str(reason))
                wanted.append(None)
        answered = 0
        for place, (where, element) in enumerate(_elements(data)):
            answered += 1
            try:
                answers, found = _answered(wanted, place, _title_of(element), element)
                wanted[answers] = None
                self._report(found, element, where, only=found.contest.measure)
            except FieldError as wrong:
                self.problem(f"{where}{wrong.field}", wrong.reason)
        if answered != len(wanted):
            self.problem("", f"{len(wanted)} contests asked for, {answered} came")

    def read_map(self, endpoint: Endpoint, data: Any) -> None:
        inside = parse_path(endpoint.rest)
        if inside.office not in OFFICES:
            raise UnknownEndpoint(f"{self.path!r} is no map of a contest")
        if not isinstance(data, dict):
            raise FieldError("", f"an object by county was expected, not {kind_of(data)}")
        if isinstance(data.get("message"), str):
            raise FieldError("", f"no map but a message: {shown(data['message'])}")
        for slug, element in data.items():
            if slug != "statewide" and slug not in BY_SLUG:
                self.problem("", f"{shown(slug)} is neither a county nor statewide")
                continue
            try:
                found = _identified(inside, _title_of(element))
                told = WHOLE if slug == "statewide" else Area.county(BY_SLUG[slug].number)
                if found.area != told:
                    raise FieldError(".raceTitle", f"{element['raceTitle']!r} is not about {slug}")
                self._report(found, element, slug, only=inside.measure)
            except FieldError as wrong:
                self.problem(f"{slug}{wrong.field}", wrong.reason)

    def _report(
        self, found: Identified, element: dict[str, Any], where: str, *, only: str = ""
    ) -> None:
        """The reports of one element, of which only those of one measure if it is given."""
        office = OFFICES[found.contest.office]
        percent, reporting, total = _reporting(required(element, "Reporting"))
        reported_at = _time(required(element, "ReportingTime"))
        items = required(element, office.list_key)
        if not isinstance(items, list) or not items:
            raise FieldError(
                f".{office.list_key}", f"a filled list was expected, not {shown(items)}"
            )
        for contest, subject, choices in self._listed(office, found, element, items, where, only):
            self.reports.append(
                Report(
                    contest,
                    found.area,
                    found.title,
                    subject,
                    reporting,
                    total,
                    percent,
                    reported_at,
                    choices,
                )
            )
        if reporting > total:
            self.problem(
                f"{where}.Reporting", f"{reporting:,} precincts report of {total:,} that there are"
            )

    def _listed(
        self,
        office: Office,
        found: Identified,
        element: dict[str, Any],
        items: list[Any],
        where: str,
        only: str,
    ) -> list[tuple[ContestKey, str, tuple[Choice, ...]]]:
        """(contest, its subject, its choices) of all that an element lists."""
        if office.body == "candidates":
            if any(key in element for key in _RECALL_KEYS):
                raise FieldError("", "yes and no beside candidates: a recall, which is not read")
            try:
                return [(found.contest, "", read_candidates(items))]
            except FieldError as wrong:
                raise FieldError(f".{office.list_key}{wrong.field}", wrong.reason) from None
        listed: dict[ContestKey, tuple[str, tuple[Choice, ...]]] = {}
        for place, item in enumerate(items):
            try:
                contest, subject, choices = read_yes_no(office, found.contest, item)
                if contest in listed:
                    raise FieldError("", f"{subject!r} stands in the list twice")
                if not only or contest.measure == only:
                    listed[contest] = (subject, choices)
            except FieldError as wrong:
                field_name = f"{where}.{office.list_key}[{place}]{wrong.field}"
                self.problem(field_name, wrong.reason)
        if only and not listed:
            raise FieldError(f".{office.list_key}", f"measure {only} is not in the list")
        return [(contest, *rest) for contest, rest in listed.items()]


def _elements(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        yield "", data
    elif not isinstance(data, list):
        raise FieldError("", f"an object or a list was expected, not {kind_of(data)}")
    elif not data:
        raise FieldError("", "the list is empty")
    else:
        for place, element in enumerate(data):
            yield f"[{place}]", element


def _title_of(element: Any) -> str:
    if not isinstance(element, dict):
        raise FieldError("", f"a contest was expected, not {kind_of(element)}")
    if "raceTitle" not in element and isinstance(element.get("message"), str):
        raise FieldError("", f"no contest but a message: {shown(element['message'])}")
    title = required(element, "raceTitle")
    if not isinstance(title, str):
        raise FieldError(".raceTitle", f"{shown(title)} is no title")
    return title


def _identified(endpoint: Endpoint, title: str) -> Identified:
    try:
        return identify(endpoint.office, endpoint.party, endpoint.district, endpoint.measure, title)
    except ValueError as reason:
        raise FieldError(".raceTitle", str(reason)) from None


def _check_county(endpoint: Endpoint, area: Area) -> None:
    """For a county outside the district the feed answers with the whole, which is welcome."""
    if area.kind != AreaKind.COUNTY or endpoint.county == "all":
        return
    if endpoint.county is None or area.number != BY_SLUG[endpoint.county].number:
        raise FieldError(".raceTitle", "names a county that was not asked for")


def _answered(
    wanted: list[Wanted | None], place: int, title: str, element: dict[str, Any]
) -> tuple[int, Identified]:
    """Which of the wanted contests an element is about: its own place's, or else another's."""
    own = wanted[place] if place < len(wanted) else None
    for number, asked in [(place, own), *enumerate(wanted)]:
        found = _answer(title, element, asked)
        # Out of its place an element is only believed where its title leaves no doubt.
        if found is not None and (number == place or found.names_office):
            return number, found
    raise FieldError(".raceTitle", f"{shown(title)} is none of the contests asked for")


def _answer(title: str, element: dict[str, Any], asked: Wanted | None) -> Identified | None:
    """What an element is about if it can be what a contest id asked for."""
    if asked is None:
        return None
    key, area = asked
    district = area.number if area.kind == AreaKind.DISTRICT else key.district or None
    try:
        found = identify(key.office, key.party, district, key.measure, title)
    except ValueError:
        return None
    if found.area != area:
        return None
    if key.measure:
        numbers = measures_in(element.get("ballot-measures"))
        return found if not numbers or key.measure in numbers else None
    return found


def _reporting(written: Any) -> tuple[str, int, int]:
    """(percent without a trailing ".0", precincts reporting, precincts)."""
    found = _REPORTING.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise FieldError(
            ".Reporting",
            f"{shown(written)} is not like '7.3% (1,519 of 20,855) precincts reporting'",
        )
    percent, reporting, total = found.groups()
    if percent.endswith((".0", ".00")):
        percent = percent.partition(".")[0]
    if len(percent) > _LONGEST_PERCENT:
        raise FieldError(".Reporting", f"{shown(written)} holds no percentage")
    try:
        return percent, count(reporting), count(total)
    except ValueError as reason:
        raise FieldError(".Reporting", str(reason)) from None


def _time(written: Any) -> datetime:
    try:
        return parse_reporting_time(written)
    except ValueError as reason:
        raise FieldError(".ReportingTime", str(reason)) from None
    except TypeError:
        raise FieldError(".ReportingTime", f"{kind_of(written)} is no time") from None
