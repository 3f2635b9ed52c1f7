"""The Secretary of State's published list of endpoints, and what it says of an election."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import override

from results.ballot import add_contests
from results.feed.contest_ids import ContestIdError, parse_contest_id
from results.feed.counties import BY_SLUG, COUNTIES
from results.feed.facts import WHOLE, Area, ContestKey
from results.feed.offices import OFFICES
from results.feed.paths import Endpoint, UnknownEndpoint, parse_path
from results.models import Election, polls_close_on
from results.models import Endpoint as PublishedEndpoint

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DATE_IN_TITLE = re.compile(rf"\b({'|'.join(_MONTHS)})\s+(\d{{1,2}}),\s+(\d{{4}})\b", re.I)
_DATE_IN_NAME = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


SPANISH_DATE = r"j \d\e F \d\e Y"


class ContestListError(ValueError):
    """The list cannot be used; the message says what is wrong and on which line."""


@dataclass(frozen=True, slots=True)
class ContestList:
    """A list of endpoints as published: its addresses below /returns/, and its title if any.

    skipped names the lines that are no address of the returns API, with their reasons.
    """

    paths: tuple[str, ...]
    title: str = ""
    skipped: tuple[str, ...] = ()


def read_contest_list(text: str) -> ContestList:
    """Read `api-endpoints.csv` (bare addresses under a title) or a `label,api_url` table.

    Raises ContestListError where no line is an address of the returns API.
    """
    paths: dict[str, None] = {}
    title = ""
    skipped: list[str] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        cells, address = _cells(line)
        if not address:
            words = " ".join(cells).strip("| ")
            if words and not title and cells[:2] != ["label", "api_url"]:
                title = words
            continue
        below = re.sub(r"^(https?://[^/]+)?/?(returns/?)?", "", address)
        if not below:
            continue  # the base address alone
        try:
            paths[parse_path(below).path] = None
        except UnknownEndpoint as reason:
            skipped.append(f"line {number}: {reason}")
    if not paths:
        detail = f" ({skipped[0]})" if skipped else ""
        raise ContestListError(f"no line is an address of the returns API{detail}")
    return ContestList(tuple(paths), title, tuple(skipped))


def _cells(line: str) -> tuple[list[str], str]:
    """The filled cells of a line, and the address among them or ""."""
    query = re.search(r"(https?://|/?returns/)[^,]*query\?r=.*", line)
    if query is not None:
        # A query's ids hold quotes and commas, which no table quotes consistently.
        return [line], query.group(0).replace('""', '"').strip().rstrip('"')
    cells = [cell.strip() for row in csv.reader([line]) for cell in row if cell.strip()]
    addresses = [cell for cell in cells if re.match(r"https?://|/?returns/", cell)]
    return cells, addresses[-1] if addresses else ""


def election_date(contest_list: ContestList, source: str) -> date | None:
    """The day of the election, from the list's title or the name it is kept under."""
    if found := _DATE_IN_TITLE.search(contest_list.title):
        month, day, year = found.groups()
        return date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
    if found := _DATE_IN_NAME.search(PurePath(source).name):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    return None


def election_kind(contest_list: ContestList, source: str = "") -> str:
    """The kind of the election, from the contests, the title and the name of the list."""
    words = f"{contest_list.title} {PurePath(source).name}".lower()
    if any(path.startswith("president/party/") for path in contest_list.paths):
        return Election.Kind.PRESIDENTIAL_PRIMARY
    if "special" in words:
        return Election.Kind.SPECIAL
    if "primary" in words:
        return Election.Kind.PRIMARY
    return Election.Kind.GENERAL


_NAMES = {
    Election.Kind.PRESIDENTIAL_PRIMARY: (
        "Presidential Primary Election",
        "Elección primaria presidencial",
    ),
    Election.Kind.PRIMARY: ("Primary Election", "Elección primaria"),
    Election.Kind.GENERAL: ("General Election", "Elección general"),
    Election.Kind.SPECIAL: ("Special Election", "Elección especial"),
}


def default_name(kind: str, day: date) -> tuple[str, str]:
    """(English, Spanish) name of an election: its kind and day."""
    english, spanish = _NAMES[Election.Kind(kind)]
    with override("en"):
        english = f"{english}, {date_format(day, 'F j, Y')}"
    with override("es"):
        spanish = f"{spanish}, {date_format(day, SPANISH_DATE)}"
    return english, spanish


def default_slug(kind: str, day: date) -> str:
    return f"{day.isoformat()}-{Election.Kind(kind).value.replace('_', '-')}"


def published_areas(paths: Iterable[str]) -> list[tuple[ContestKey, Area]]:
    """The contest-areas that published addresses name.

    Measures without a number in their address, and justices, are told by bodies instead.
    """
    found: dict[tuple[ContestKey, Area], None] = {}
    for path in paths:
        for item in _areas_of(parse_path(path)):
            found[item] = None
    return list(found)


def _areas_of(endpoint: Endpoint) -> list[tuple[ContestKey, Area]]:
    if endpoint.office == "query":
        areas = []
        for number in endpoint.ids:
            try:
                areas.append(parse_contest_id(number))
            except ContestIdError:
                continue  # a court's id tells no contest that a body could be matched with
        return areas
    office = OFFICES.get(endpoint.office)
    if office is None or office.body == "retention":
        return []
    if office.body == "measures" and not endpoint.measure:
        return []
    if endpoint.district == "all":
        if not endpoint.party:
            return []
        return [(ContestKey(endpoint.office, endpoint.party), WHOLE)]
    key = ContestKey(
        endpoint.office, endpoint.party, endpoint.district or 0, endpoint.measure or ""
    )
    if endpoint.county == "all":
        return [(key, WHOLE), *((key, Area.county(county.number)) for county in COUNTIES)]
    if endpoint.county is not None:
        return [(key, Area.county(BY_SLUG[endpoint.county].number))]
    return [(key, WHOLE)]


@transaction.atomic
def load_contest_list(
    contest_list: ContestList,
    *,
    day: date,
    kind: str,
    slug: str = "",
    name: str = "",
    current: bool = True,
) -> Election:
    """Create or complete an election from its published list.

    Loading a list again adds what is new in it and drops endpoints it no longer has; contests,
    returns and names that editors gave stay.
    """
    english, spanish = default_name(kind, day)
    election, created = Election.objects.get_or_create(
        slug=slug or default_slug(kind, day),
        defaults={
            "name": name or english,
            "name_es": "" if name else spanish,
            "date": day,
            "kind": kind,
            "polls_close": polls_close_on(day),
        },
    )
    if not created and (election.date != day or election.kind != kind):
        raise ContestListError(
            f"{election.slug} is kept as a {election.get_kind_display()} of {election.date}, "
            f"not a {Election.Kind(kind).label} of {day}"
        )
    if current and not election.is_current:
        Election.objects.filter(is_current=True).update(is_current=False)
        election.is_current = True
        election.save(update_fields=["is_current"])
    election.endpoints.exclude(path__in=contest_list.paths).delete()
    PublishedEndpoint.objects.bulk_create(
        [PublishedEndpoint(election=election, path=path) for path in contest_list.paths],
        ignore_conflicts=True,
    )
    add_contests(election, published_areas(contest_list.paths))
    return election
