"""Offices and parties as the feed names and numbers them: the one table of each."""

from dataclasses import dataclass
from typing import Literal

BodyKind = Literal["candidates", "measures", "retention"]


@dataclass(frozen=True, slots=True)
class Office:
    """One kind of contest.

    slug       first segment of the feed's path
    code       first four digits of a contest id (category and 00, a regular election)
    title      how the feed's raceTitle begins
    districts  how many districts it is elected by, 0 for the whole state
    body       what its bodies list
    list_key   the key under which a body lists them
    seat       the two digits of a US Senate seat, else 0
    """

    slug: str
    code: str
    title: str
    districts: int = 0
    body: BodyKind = "candidates"
    list_key: str = "candidates"
    seat: int = 0


_OFFICES = (
    Office("president", "0100", "President"),
    Office("us-senate", "1000", "U.S. Senate (Full Term)", seat=1),
    Office("us-senate-unexpired-term", "1000", "U.S. Senate (Partial/Unexpired Term)", seat=2),
    Office("governor", "0200", "Governor"),
    Office("lieutenant-governor", "0300", "Lieutenant Governor"),
    Office("secretary-of-state", "0400", "Secretary of State"),
    Office("controller", "0500", "Controller"),
    Office("treasurer", "0600", "Treasurer"),
    Office("attorney-general", "0700", "Attorney General"),
    Office("insurance-commissioner", "0800", "Insurance Commissioner"),
    Office("superintendent-of-public-instruction", "1600", "Superintendent of Public Instruction"),
    Office("ballot-measures", "1900", "Ballot Measures", 0, "measures", "ballot-measures"),
    Office("us-rep", "1100", "U.S. House of Representatives", 53),
    Office("state-senate", "1200", "State Senate", 40),
    Office("state-assembly", "1300", "State Assembly", 80),
    Office("board-of-equalization", "0900", "Board of Equalization", 4),
    Office("supreme-court", "1400", "Supreme Court Justice", 0, "retention", "supreme-court"),
    Office("courts-of-appeal", "1500", "Courts of Appeal", 6, "retention", "courts-of-appeal"),
)
OFFICES = {office.slug: office for office in _OFFICES}
"""By slug, in the order in which a ballot is shown: the state's offices first, then districts."""


@dataclass(frozen=True, slots=True)
class Party:
    """One party: slug in paths, two digits in contest ids, code in bodies, name in titles."""

    slug: str
    digits: str
    code: str
    name: str


_PARTIES = (
    Party("democratic", "01", "Dem", "Democratic"),
    Party("republican", "02", "Rep", "Republican"),
    Party("american-independent", "03", "AI", "American Independent"),
    Party("green", "04", "Grn", "Green"),
    Party("libertarian", "05", "Lib", "Libertarian"),
    Party("peace-and-freedom", "08", "P&F", "Peace and Freedom"),
    Party("nonpartisan", "13", "Non", "Nonpartisan"),
    Party("no-party-preference", "14", "NPP", "No Party Preference"),
)
PARTIES = {party.slug: party for party in _PARTIES}
PARTY_BY_CODE = {party.code: party for party in _PARTIES}
PARTY_BY_DIGITS = {party.digits: party for party in _PARTIES}
