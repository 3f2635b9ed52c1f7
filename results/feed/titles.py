"""What a body's raceTitle says: which contest, in which area."""

import re
from dataclasses import dataclass
from functools import lru_cache

from results.feed.counties import BY_NAME
from results.feed.facts import WHOLE, Area, ContestKey
from results.feed.offices import OFFICES, PARTIES
from results.feed.values import LONGEST_TITLE, shown, text

_FORM = re.compile(r"(?P<contest>.+?) - (?P<area>[^-]+?) Results")
_DISTRICT = re.compile(r"(?P<stem>.+) District (?P<number>[0-9]{1,3})")
_STEMS = [
    *((office.title.split(" (")[0], office.slug) for office in OFFICES.values()),
    # How the Secretary of State's bulk files name some of them.
    ("United States Senator", "us-senate"),
    ("United States Representative", "us-rep"),
    ("State Senator", "state-senate"),
]


@dataclass(frozen=True, slots=True)
class Identified:
    """What an element is about.

    title         its raceTitle without the area: "U.S. House of Representatives District 40"
    names_office  whether the title names an office known here, rather than being believed
    """

    contest: ContestKey
    area: Area
    title: str
    names_office: bool


@lru_cache(maxsize=16384)
def identify(
    office: str, party: str, district: int | str | None, measure: str, race_title: str
) -> Identified:
    """The contest and area of an element that an address or a contest id was answered with.

    office to measure are what was asked for; district is a number, "all", or None. Raises
    ValueError where the title is about another office, Senate seat, party or district. Titles
    differ a little between years, so one that names no office known here is believed.
    """
    asked = OFFICES[office]
    contest, county = _parts(race_title)
    stem, number = _stem_and_district(contest)
    named = next((slug for begin, slug in _STEMS if stem.startswith(begin)), None)
    if named is not None and OFFICES[named].code != asked.code:
        raise ValueError(f"{race_title!r} is not about {office}")
    if asked.body == "candidates" and "recall" in stem.lower():
        raise ValueError(f"{race_title!r} is a recall, which is not read")
    if asked.seat and _is_other_seat(office, stem):
        raise ValueError(f"{race_title!r} is about the other Senate seat, not {office}")
    if office == "president" and not _is_party(stem, party):
        wanted = f"the {PARTIES[party].name} primary" if party else "the general election"
        raise ValueError(f"{race_title!r} is not about {wanted}")
    area = county or WHOLE
    if party and number:
        if district not in ("all", number):
            raise ValueError(f"{race_title!r} is about a district that was not asked for")
        if county is not None:
            raise ValueError(f"{race_title!r} names both a district and a county")
        key = ContestKey(office, party)
        area = Area.district(number)
    elif asked.districts:
        if not 1 <= number <= asked.districts:
            raise ValueError(f"{race_title!r} names no district of {office}")
        if isinstance(district, int) and district != number:
            raise ValueError(f"{race_title!r} is about another district than {district}")
        key = ContestKey(office, district=number)
    elif number:
        raise ValueError(f"{race_title!r} names a district, but {office} has none")
    else:
        key = ContestKey(office, party, measure=measure)
    return Identified(key, area, contest, named is not None)


def _parts(race_title: str) -> tuple[str, Area | None]:
    """A title without its area, and the county it names, if any."""
    text(race_title, LONGEST_TITLE)
    found = _FORM.fullmatch(race_title)
    if found is None:
        raise ValueError(f"{shown(race_title)} does not end like ' - Statewide Results'")
    place = found["area"]
    if place in ("Statewide", "Districtwide"):
        return found["contest"], None
    # Measures say "Alameda Results", all others "Alameda County Results".
    county = BY_NAME.get(place.removesuffix(" County"))
    if county is None:
        raise ValueError(f"{race_title!r} names {place!r}, which is no county")
    return found["contest"], Area.county(county.number)


def _stem_and_district(contest: str) -> tuple[str, int]:
    found = _DISTRICT.fullmatch(contest)
    return (contest, 0) if found is None else (found["stem"], int(found["number"]))


def _is_other_seat(office: str, stem: str) -> bool:
    words = stem.lower()
    if "unexpired" in words or "partial" in words:
        return office == "us-senate"
    return "full term" in words and office != "us-senate"


def _is_party(stem: str, party: str) -> bool:
    words = stem.lower()
    named = [p.slug for p in PARTIES.values() if p.name.lower() in words]
    return party in named or not named
