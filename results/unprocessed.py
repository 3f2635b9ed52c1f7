"""Estimates of ballots not yet counted: entered by staff, summed for the pages."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from results.feed.counties import BY_NAME, COUNTIES
from results.models import Contest, Election, UnprocessedBallots
from results.models.ballots import KINDS
from results.signals import estimates_changed

MOST_BALLOTS = 20_000_000
"""More than California has voters: a figure above it is a slip of the pen."""


class EstimatesError(ValueError):
    """A table of estimates that cannot be taken up; its text names the line and the column."""


@dataclass(frozen=True, slots=True)
class CountyEstimate:
    """One line of a table of estimates: ballots by kind in the order of KINDS."""

    county: int
    ballots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to count in the whole state.

    ballots   the sum of the counties' newest estimates
    counties  how many counties gave one
    oldest, newest  the days of these estimates
    sources   where they are from
    """

    ballots: int
    counties: int
    oldest: date
    newest: date
    sources: tuple[str, ...]


def newest_estimates(election: Election, on: date | None = None) -> dict[int, UnprocessedBallots]:
    """Each county's newest estimate by county number; only those known on a day. One query."""
    estimates = UnprocessedBallots.objects.filter(election=election).order_by("reported_on")
    if on is not None:
        estimates = estimates.filter(reported_on__lte=on)
    return {estimate.county_id: estimate for estimate in estimates}


def left_to_count(estimates: Mapping[int, UnprocessedBallots]) -> Left | None:
    """The sum of the counties' estimates; None where no county gave one."""
    if not estimates:
        return None
    days = [one.reported_on for one in estimates.values()]
    return Left(
        ballots=sum(one.total for one in estimates.values()),
        counties=len(estimates),
        oldest=min(days),
        newest=max(days),
        sources=tuple(sorted({one.source for one in estimates.values()})),
    )


def is_for_all_ballots(contest: Contest) -> bool:
    """Whether every ballot of the state can vote in a contest, so that the estimates are its own.

    A district's part of a county's ballots, or a party's, is told by nobody.
    """
    return not contest.district and not contest.party


def read_estimates(text: str) -> list[CountyEstimate]:
    """The lines of a CSV table with the columns county, vote_by_mail, provisional, conditional
    and other (those left out count as 0).

    Raises EstimatesError naming the line and the column.
    """
    try:
        return _read_table(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    except csv.Error as reason:
        raise EstimatesError(f"This is no CSV: {reason}.") from reason


def _read_table(text: str) -> list[CountyEstimate]:
    reader = csv.DictReader(io.StringIO(text, newline=None))
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    if "county" not in names:
        raise EstimatesError("line 1: there is no column “county”.")
    unknown = [name for name in names if name not in ("county", *KINDS)]
    if unknown:
        raise EstimatesError(
            f"line 1: column “{unknown[0]}” is none of county, {', '.join(KINDS)}."
        )
    if len(set(names)) < len(names):
        raise EstimatesError("line 1: a column is there twice.")
    reader.fieldnames = names
    found: dict[int, CountyEstimate] = {}
    for row in reader:
        where = f"line {reader.line_num}"
        if None in row:
            raise EstimatesError(f"{where}: there are more fields than columns.")
        name = (row["county"] or "").strip().removesuffix(" County")
        if name not in BY_NAME:
            raise EstimatesError(f"{where}, column county: California has no county “{name}”.")
        number = BY_NAME[name].number
        if number in found:
            raise EstimatesError(f"{where}: {name} is there twice.")
        found[number] = CountyEstimate(
            number, tuple(_ballots(row.get(kind) or "0", where, kind) for kind in KINDS)
        )
    if not found:
        raise EstimatesError("There is no line with a county.")
    return list(found.values())


def _ballots(text: str, where: str, column: str) -> int:
    digits = text.strip().replace(",", "")
    if not (digits.isascii() and digits.isdecimal()) or int(digits[:12]) > MOST_BALLOTS:
        raise EstimatesError(f"{where}, column {column}: “{text}” is no number of ballots.")
    return int(digits)


@transaction.atomic
def take_up_estimates(
    election: Election, estimates: Sequence[CountyEstimate], day: date, source: str, user=None
) -> int:
    """Keep these as the counties' estimates of a day, in place of earlier ones of that day."""
    assert len(estimates) <= len(COUNTIES)  # noqa: S101 - read_estimates sees to it
    UnprocessedBallots.objects.bulk_create(
        [
            UnprocessedBallots(
                election=election,
                county_id=one.county,
                reported_on=day,
                source=source,
                entered_by=user,
                **dict(zip(KINDS, one.ballots, strict=True)),
            )
            for one in estimates
        ],
        update_conflicts=True,
        unique_fields=["election", "county", "reported_on"],
        update_fields=[*KINDS, "source", "entered_by", "entered_at"],
    )
    announce(election)
    return len(estimates)


def announce(election: Election) -> None:
    """Have the pages that show estimates made anew once they are saved."""
    transaction.on_commit(
        lambda: estimates_changed.send(UnprocessedBallots, election_id=election.pk)
    )
