"""The feed's contest ids: 14 digits, the last two of them the county (59: statewide)."""

import re

from results.feed.counties import STATEWIDE_NUMBER
from results.feed.facts import WHOLE, Area, AreaKind, ContestKey
from results.feed.offices import OFFICES, PARTIES, PARTY_BY_DIGITS

_MEASURES = "1900"
_COURTS = ("1400", "1500")
_BY_CATEGORY = {
    office.code[:2]: office
    for office in OFFICES.values()
    if office.body == "candidates" and office.seat != 2
}
_CONGRESSIONAL_DISTRICTS = OFFICES["us-rep"].districts


class ContestIdError(ValueError):
    """Not a contest id; the message says which part is wrong."""


def contest_id(key: ContestKey, area: Area) -> str | None:
    """The id of a contest in an area; None for justices, whose ids the feed does not tell."""
    office = OFFICES[key.office]
    if office.body == "retention":
        return None
    county = area_digits(area)
    if office.body == "measures":
        return f"{_MEASURES}000{key.measure.zfill(5)}{county}"
    party = PARTIES[key.party].digits if key.party else "00"
    district = area.number if area.kind == AreaKind.DISTRICT else key.district
    return f"{office.code}{party}{district:02d}00{office.seat:02d}{county}"


def area_digits(area: Area) -> str:
    """The last two digits of a contest id: the county's, or 59 for the whole contest."""
    return f"{area.number if area.kind == AreaKind.COUNTY else STATEWIDE_NUMBER:02d}"


def parse_contest_id(text: str) -> tuple[ContestKey, Area]:
    """The contest and area that an id names.

    Raises ContestIdError for anything that is not the id of a contest of candidates or a measure.
    """
    if len(text) != 14:
        raise ContestIdError(f"{text!r} has {len(text)} characters, a contest id has 14")
    area = _area(text)
    if text.startswith(_MEASURES):
        return _measure(text), area
    if not (text.isascii() and text.isdigit()):
        raise ContestIdError(f"{text!r} is not all digits")
    if text.startswith(_COURTS):
        raise ContestIdError(f"{text!r} is a justice's: those are told apart by name, not by id")
    if text[2:4] == "01":
        raise ContestIdError(f"{text!r} is a recall's, which is not read")
    office = _BY_CATEGORY.get(text[:2])
    # 02 is a special election in a district: the same office.
    if office is None or text[2:4] not in ("00", "02"):
        raise ContestIdError(f"{text!r} begins with {text[:4]}, which is no category of contests")
    slug = office.slug
    if slug == "us-senate" and text[10:12] == "02":
        slug = "us-senate-unexpired-term"
    elif text[10:12] not in ("00", "01") or (text[10:12] == "01" and slug != "us-senate"):
        raise ContestIdError(f"{text!r} names seat {text[10:12]}, which {slug} does not have")
    if text[8:10] != "00":
        raise ContestIdError(f"{text!r} names division {text[8:10]}, which {slug} does not have")
    party = _party(text, slug)
    district = int(text[6:8])
    if office.districts:
        if not 1 <= district <= office.districts:
            raise ContestIdError(
                f"{text!r} names district {district}; {slug} has 1 to {office.districts}"
            )
        return ContestKey(slug, party, district), area
    if not district:
        return ContestKey(slug, party), area
    if slug != "president" or not party or district > _CONGRESSIONAL_DISTRICTS or area != WHOLE:
        raise ContestIdError(f"{text!r} names district {district}, which {slug} does not have")
    return ContestKey(slug, party), Area.district(district)


def _area(text: str) -> Area:
    county = text[12:]
    if not (county.isascii() and county.isdigit()) or not 1 <= int(county) <= STATEWIDE_NUMBER:
        raise ContestIdError(f"{text!r} ends in {county}; counties are 01 to 58, the state is 59")
    return WHOLE if int(county) == STATEWIDE_NUMBER else Area.county(int(county))


def _measure(text: str) -> ContestKey:
    number = text[7:12]
    if text[4:7] != "000" or not re.fullmatch(r"[0-9A-Z]+", number) or not number.strip("0"):
        raise ContestIdError(f"{text!r} is not 1900, 000, a measure's five characters and a county")
    return ContestKey("ballot-measures", measure=number.lstrip("0"))


def _party(text: str, slug: str) -> str:
    digits = text[4:6]
    if digits == "00":
        return ""
    if digits not in PARTY_BY_DIGITS:
        raise ContestIdError(f"{text!r} names party {digits}, which there is not")
    if slug != "president":
        raise ContestIdError(f"{text!r} names a party; only presidential primaries have one")
    return PARTY_BY_DIGITS[digits].slug
