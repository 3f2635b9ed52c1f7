"""Showing a rehearsal: the public pages, at addresses of its own, to staff alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.urls import get_script_prefix, set_script_prefix

from results.models import Election

PREFIX = "/rehearsal/{slug}/"

_shown: ContextVar[Election | None] = ContextVar("rehearsal", default=None)


def rehearsal_shown() -> Election | None:
    """The rehearsal whose pages are being made; None for the public's pages."""
    return _shown.get()


@contextmanager
def rehearsing(election: Election) -> Iterator[None]:
    """Within, pages are those of a rehearsal, and every address leads to its own pages.

    For an election that is none, nothing is different.
    """
    if not election.is_rehearsal:
        yield
        return
    before = get_script_prefix()
    token = _shown.set(election)
    set_script_prefix(PREFIX.format(slug=election.slug))
    try:
        yield
    finally:
        set_script_prefix(before)
        _shown.reset(token)
