"""What a body's raceTitle says: which contest, in which area."""

import re
from dataclasses import dataclass
from functools import lru_cache

from results.feed.counties import BY_NAME
from results.feed.facts import WHOLE, Area, ContestKey
from results.feed.offices import OFFICES, PARTIES

_FORM = re.compile(r"(?P<contest>.+?) - (?P<area>[^-]+?) Results")
_DISTRICT = re.compile(r"(?P<stem>.+) District (?P<number>\d{1,3})")
_STEMS = sorted(
    ((office.title.split(" (")[0], office.slug) for office in OFFICES.values()),
    key=lambda pair: -len(pair[0]),
)


@dataclass(frozen=True, slots=True)
class Title:
    """A raceTitle in its parts.

    text      as it stands in the body
    contest   without the area: "U.S. House of Representatives District 40"
    stem      without the district too; district is its number, or 0
    county    Area of the county it names, or None for the whole of the contest
    """

    text: str
    contest: str
    stem: str
    district: int
    county: Area | None


@lru_cache(maxsize=8192)
def read_title(text: str) -> Title:
    """The parts of a raceTitle. Raises ValueError for what is not one."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is no title")
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} does not end like ' - Statewide Results'")
    contest, place = found["contest"], found["area"]
    county = None
    if place not in ("Statewide", "Districtwide"):
        # Measures say "Alameda Results", all others "Alameda County Results".
        name = place.removesuffix(" County")
        if name not in BY_NAME:
            raise ValueError(f"{text!r} names {place!r}, which is no county")
        county = Area.county(BY_NAME[name].number)
    district = _DISTRICT.fullmatch(contest)
    if district is None:
        return Title(text, contest, contest, 0, county)
    return Title(text, contest, district["stem"], int(district["number"]), county)


@lru_cache(maxsize=16384)
def identify(
    office: str, party: str, district: int | str | None, measure: str, title: Title
) -> tuple[ContestKey, Area]:
    """The contest and area of an element that an endpoint answered with.

    district is the endpoint's: a number, "all", or None. Raises ValueError where the title is
    about another office, party or district than was asked for. Titles differ a little between
    years, so one that names no office known here is believed to be about the one asked for.
    """
    named = next((slug for stem, slug in _STEMS if title.stem.startswith(stem)), None)
    if named is not None and OFFICES[named].code != OFFICES[office].code:
        raise ValueError(f"{title.text!r} is not about {office}")
    if OFFICES[office].seat and _other_seat(office, title.stem):
        raise ValueError(f"{title.text!r} is about the other Senate seat, not {office}")
    if party and not _names_party(title.stem, party):
        raise ValueError(f"{title.text!r} is not about the {PARTIES[party].name} primary")
    area = title.county or WHOLE
    if party and title.district:
        if district != "all" and district != title.district:
            raise ValueError(f"{title.text!r} is about a district that was not asked for")
        return ContestKey(office, party), Area.district(title.district)
    if not OFFICES[office].districts:
        if title.district:
            raise ValueError(f"{title.text!r} names a district, but {office} has none")
        return ContestKey(office, party, measure=measure), area
    if not 1 <= title.district <= OFFICES[office].districts:
        raise ValueError(f"{title.text!r} names no district of {office}")
    if isinstance(district, int) and district != title.district:
        raise ValueError(f"{title.text!r} is about another district than {district}")
    return ContestKey(office, district=title.district), area


def _other_seat(office: str, stem: str) -> bool:
    unexpired = "unexpired" in stem.lower() or "partial" in stem.lower()
    full = "full term" in stem.lower()
    return (unexpired and office == "us-senate") or (full and office != "us-senate")


def _names_party(stem: str, party: str) -> bool:
    named = [p.slug for p in PARTIES.values() if p.name.lower() in stem.lower()]
    return not named or party in named
