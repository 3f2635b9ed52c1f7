"""What a returns body says, once read: immutable values that every part of the product shares."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b


class AreaKind(StrEnum):
    """What part of a contest a figure is for."""

    WHOLE = "whole"
    """The contest's own electorate: the state, or the district that votes in it."""
    COUNTY = "county"
    DISTRICT = "district"
    """A congressional district's part of a presidential primary (it elects delegates)."""


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """One area of a contest: the whole of it, a county (1 to 58), or a congressional district."""

    kind: AreaKind
    number: int = 0

    @classmethod
    def county(cls, number: int) -> "Area":
        return cls(AreaKind.COUNTY, number)

    @classmethod
    def district(cls, number: int) -> "Area":
        return cls(AreaKind.DISTRICT, number)


WHOLE = Area(AreaKind.WHOLE)


@dataclass(frozen=True, slots=True, order=True)
class ContestKey:
    """What tells one contest of an election from another, in the feed's own terms.

    office   first segment of the feed's path: "us-senate", "president", "us-rep",
             "ballot-measures", "supreme-court", "courts-of-appeal"...
    party    party slug ("democratic") in a presidential primary, else ""
    district number of the district (appellate district for courts of appeal), else 0
    measure  measure number without leading zeros ("1", "50", "1A"), else ""
    justice  the justice's name in a retention contest (the feed gives no other key), else ""
    """

    office: str
    party: str = ""
    district: int = 0
    measure: str = ""
    justice: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate's, or a yes's or no's, figures in one area.

    votes is exact; percent is the feed's own one-decimal text ("15.3"), compared, never trusted.
    party is the feed's code ("Dem"); measures and justices have "Yes" and "No" with party "".
    """

    name: str
    party: str
    votes: int
    percent: str
    incumbent: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The returns of one contest in one area, as one body gave them.

    title             the contest's title without its area: "U.S. Senate (Full Term)",
                      "State Senate District 1", "Ballot Measures", "Supreme Court Justice"
    subject           the measure's or justice's name; "" for a contest of candidates
    precincts_*       counts of precincts
    reporting_percent the feed's own text without the sign, trailing ".0" dropped: "7.3", "100"
    reported_at       aware, Pacific
    choices           in the feed's order
    """

    contest: ContestKey
    area: Area
    title: str
    subject: str
    precincts_reporting: int
    precincts_total: int
    reporting_percent: str
    reported_at: datetime
    choices: tuple[Choice, ...]

    @property
    def total_votes(self) -> int:
        return sum(choice.votes for choice in self.choices)

    def facts_hash(self) -> str:
        """32 hex digits that change exactly when a reported fact of this area changes."""
        parts = [
            self.title,
            self.subject,
            f"{self.precincts_reporting}/{self.precincts_total}/{self.reporting_percent}",
            self.reported_at.isoformat(),
        ]
        parts += [
            f"{c.name}\t{c.party}\t{c.votes}\t{c.percent}\t{c.incumbent:d}" for c in self.choices
        ]
        return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class CountyStatus:
    """One county's row (or, county 59, the state's) of the status endpoint.

    report_type is one of "", R (regular), F (final, semi-official), U (update), S (canvass
    complete). Times are aware, Pacific; what the feed leaves out is None.
    """

    county: int
    precincts_reporting: int
    precincts_total: int
    report_type: str = ""
    turnout: int | None = None
    registered: int | None = None
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a body that could not be understood: where, and what was wrong with it."""

    endpoint: str
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.endpoint}: {self.field}" if self.field else self.endpoint
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ParsedBody:
    """All that one body yielded. A bad element is a problem; its good neighbours still count."""

    reports: tuple[Report, ...] = ()
    statuses: tuple[CountyStatus, ...] = ()
    problems: tuple[Problem, ...] = ()
