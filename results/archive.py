"""The archive of raw bodies: every distinct one, once, compressed, under its SHA-256."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256

import zstandard

from results.models import ArchivedBody, Election, Fetch

_LEVEL = 3
"""A body of 150 kB shrinks to a tenth in a fraction of a millisecond; higher levels gain little."""


def digest(body: bytes) -> str:
    """The body's name in the archive: 64 hex digits."""
    return sha256(body).hexdigest()


def keep(bodies: Mapping[str, bytes], fetched_at: datetime) -> None:
    """Archive bodies by their digests; those kept before stay as they are. One statement."""
    if not bodies:
        return
    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    ArchivedBody.objects.bulk_create(
        [
            ArchivedBody(
                sha256=name,
                compressed=compressor.compress(body),
                size=len(body),
                first_fetched_at=fetched_at,
            )
            for name, body in sorted(bodies.items())
        ],
        ignore_conflicts=True,
    )


def bodies_of(election: Election) -> Iterator[tuple[datetime, str, bytes]]:
    """Every body an election's sweeps fetched that differed from the one before, oldest first."""
    fetches = (
        Fetch.objects.filter(sweep__election=election, is_new_body=True, body__isnull=False)
        .select_related("body")
        .order_by("fetched_at", "id")
    )
    for fetch in fetches.iterator(chunk_size=200):
        assert fetch.body is not None  # noqa: S101 - the filter above says so
        yield fetch.fetched_at, fetch.path, fetch.body.content
