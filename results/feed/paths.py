"""The feed's addresses: from text to what they ask for, and back."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, quote

from results.feed.counties import BY_SLUG
from results.feed.facts import ContestKey
from results.feed.offices import OFFICES, PARTIES, Office

All = Literal["all"]

_HOST = re.compile("^https?://[^/]*", re.IGNORECASE)
_SEGMENT = re.compile("[A-Za-z0-9-]+")
_NUMBER = re.compile("[0-9]{1,3}")
_MEASURE = re.compile("[0-9A-Z]{1,5}")


class UnknownEndpoint(ValueError):
    """Not an address of the returns API; the message says which part is wrong."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one address of the returns API asks for.

    office    an office's slug, or "status", "maps" or "query"
    party     party slug of a presidential primary, or ""
    district  a number, "all", or None
    county    a county's slug, "all", or None
    measure   a measure's number without leading zeros, or ""
    rest      what follows "status/" or "maps/"
    ids       the contest ids of a query, in its order
    """

    office: str
    party: str = ""
    district: int | All | None = None
    county: str | None = None
    measure: str = ""
    rest: str = ""
    ids: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The address below /returns/, in its one canonical spelling."""
        if self.office == "query":
            return query_path(self.ids)
        parts = [self.office]
        if self.rest:
            parts.append(self.rest)
        if self.party:
            parts += ["party", self.party]
        if self.district is not None:
            parts += ["district", str(self.district)]
        if self.measure:
            parts += ["prop", self.measure]
        if self.county is not None:
            parts += ["county", self.county]
        return "/".join(parts)


def query_path(ids: Sequence[str]) -> str:
    """The address that asks for these contest ids, percent-encoded."""
    return "query?r=" + quote(json.dumps(list(ids), separators=(",", ":")), safe=",")


def contest_key(endpoint: Endpoint) -> ContestKey:
    """The contest that an address names, a justice's name left out.

    Raises ValueError for a list of districts.
    """
    district = int(endpoint.district or 0)
    return ContestKey(endpoint.office, endpoint.party, district, endpoint.measure)


def contest_path(key: ContestKey) -> str:
    """The SOS path of a contest; for a justice, that of the court."""
    return Endpoint(key.office, key.party, key.district or None, measure=key.measure).path


def contest_slug(key: ContestKey) -> str:
    """The contest's address here: its SOS path with the slashes joined, and a justice's name."""
    stem = contest_path(key).replace("/", "-").lower()
    if not key.justice:
        return stem
    plain = unicodedata.normalize("NFKD", key.justice).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", f"{stem}-{plain.lower()}").strip("-")


def parse_path(path: str) -> Endpoint:
    """What an address asks for: a full URL, a path, or what follows /returns/.

    A trailing slash, and a query string of an address that needs none, are passed over. Raises
    UnknownEndpoint for what the API does not have.
    """
    below, hosts = _HOST.subn("", path.strip())
    place, _, query = below.partition("?")
    segments = [segment for segment in place.split("/") if segment]
    # On a host the API may lie below another path.
    if "returns" in (segments if hosts else segments[:1]):
        segments = segments[segments.index("returns") + 1 :]
    if not segments:
        raise UnknownEndpoint(f"{path!r} names nothing below /returns/")
    office, *rest = segments
    if office == "query":
        return _query(path, rest, query)
    if office in ("status", "maps"):
        if not all(_SEGMENT.fullmatch(segment) for segment in rest):
            raise UnknownEndpoint(f"{path!r}: there is no such {office}")
        return Endpoint(office, rest="/".join(rest))
    if office not in OFFICES:
        raise UnknownEndpoint(f"{path!r}: there is no office {office!r}")
    return _office_endpoint(path, OFFICES[office], rest)


def _office_endpoint(path: str, office: Office, rest: list[str]) -> Endpoint:
    names = rest[::2]
    values = rest[1::2]
    if len(names) != len(values):
        raise UnknownEndpoint(f"{path!r} ends after {rest[-1]!r}")
    if [n for n in ("party", "district", "prop", "county") if n in names] != names:
        raise UnknownEndpoint(f"{path!r}: {'/'.join(names)} is not how an address goes on")
    given = dict(zip(names, values, strict=True))
    party = given.get("party", "")
    if "party" in given and (office.slug != "president" or party not in PARTIES):
        raise UnknownEndpoint(f"{path!r}: {office.slug} has no party {party!r}")
    measure = given.get("prop", "").lstrip("0").upper()
    if "prop" in given and (office.body != "measures" or not _MEASURE.fullmatch(measure)):
        raise UnknownEndpoint(f"{path!r}: {office.slug} has no measure {given['prop']!r}")
    county = given.get("county")
    if county is not None and county != "all" and county not in BY_SLUG:
        raise UnknownEndpoint(f"{path!r}: there is no county {county!r}")
    district = _district(path, office, party, given.get("district"))
    if district == "all" and county is not None:
        raise UnknownEndpoint(f"{path!r}: lists of districts are not divided by county")
    return Endpoint(office.slug, party, district, county, measure)


def _district(path: str, office: Office, party: str, text: str | None) -> int | All | None:
    if text is None:
        if office.districts:
            raise UnknownEndpoint(f"{path!r} names no district, by which {office.slug} is elected")
        return None
    if text == "all" and (office.districts or party):
        return "all"
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= office.districts:
        raise UnknownEndpoint(f"{path!r}: {office.slug} has no district {text!r}")
    return int(text)


def _query(path: str, rest: list[str], query: str) -> Endpoint:
    given = parse_qs(query).get("r")
    if rest or given is None:
        raise UnknownEndpoint(f"{path!r} asks for no contests: r is missing")
    try:
        ids = json.loads(given[0])
    except (ValueError, RecursionError):
        # The quotes are easily lost on the way through shells and tables.
        ids = re.findall("[0-9A-Za-z]+", given[0])
    if type(ids) is int or (isinstance(ids, list) and all(type(one) is int for one in ids)):
        ids = re.findall("[0-9]+", given[0])
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids) or not ids:
        raise UnknownEndpoint(f"{path!r}: r is not a list of contest ids")
    return Endpoint("query", ids=tuple(ids))
