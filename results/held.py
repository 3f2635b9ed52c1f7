"""The current returns during a batch: read and written in bulk, as light as a thousand need."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from results.bulk import bulk_insert, bulk_update
from results.models import Return, ReturnUpdate

AreaKey = tuple[int, int | None, int | None]
"""(contest id, county number, congressional district)."""


@dataclass(slots=True)
class Held:
    """A Return as it stands in the database, and then as a batch leaves it. Fields are its own."""

    id: int
    contest_id: int
    county_id: int | None
    district: int | None
    precincts_reporting: int
    precincts_total: int
    votes: dict[str, int]
    total_votes: int
    reported_at: datetime | None
    fetched_at: datetime | None
    changed_at: datetime | None
    facts_hash: str
    older_since: datetime | None
    reporting_percent: str
    previous_votes: dict[str, int]
    body_id: str | None

    @property
    def key(self) -> AreaKey:
        return (self.contest_id, self.county_id, self.district)


_FIELDS = tuple(Held.__dataclass_fields__)
_WRITTEN = [
    name.removesuffix("_id")
    for name in _FIELDS
    if name not in ("id", "contest_id", "county_id", "district")
]


@dataclass(slots=True)
class NewUpdate:
    """A ReturnUpdate to be added. Fields are its own."""

    returns_id: int
    precincts_reporting: int
    precincts_total: int
    reporting_percent: str
    votes: dict[str, int]
    total_votes: int
    reported_at: datetime
    fetched_at: datetime
    stands_since: datetime
    body_id: str
    votes_fell: bool
    reporting_fell: bool


def read_held(contest_ids: Collection[int]) -> dict[AreaKey, Held]:
    """The returns of these contests, locked until the transaction ends. One statement.

    Always in the order of their ids, so that two batches cannot wait for each other.
    """
    rows = (
        Return.objects.select_for_update()
        .filter(contest_id__in=contest_ids)
        .order_by("pk")
        .values_list(*_FIELDS)
    )
    return {held.key: held for held in (Held(*row) for row in rows)}


def write_held(touched: Iterable[Held]) -> None:
    bulk_update(Return, list(touched), _WRITTEN)


def add_updates(updates: Sequence[NewUpdate]) -> None:
    bulk_insert(ReturnUpdate, updates)
