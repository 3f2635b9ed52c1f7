"""Where contests and counties are shown: on the live pages, or on an election's kept ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept pages of one election, as they stood minutes after the polls closed (None: last)."""

    slug: str
    minutes: int | None = None

    @property
    def suffix(self) -> str:
        return "" if self.minutes is None else f"?m={self.minutes}"


_kept: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextmanager
def on_kept_pages(kept: Kept) -> Iterator[None]:
    """Within, addresses lead to an election's kept pages at the same moment."""
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)


def overview() -> str:
    return _address("overview")


def contests() -> str:
    return _address("contests")


def contest(slug: str) -> str:
    return _address("contest", slug)


def counties() -> str:
    return _address("counties")


def county(slug: str) -> str:
    return _address("county", slug)


def _address(name: str, *arguments: str) -> str:
    kept = _kept.get()
    if kept is None:
        return reverse(name, args=arguments)
    return reverse(f"kept-{name}", args=[kept.slug, *arguments]) + kept.suffix
