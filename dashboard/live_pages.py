"""Which stored fragments each live page shows: the one table of pages that keep themselves current.

A page's name is its address without the slashes at its ends ("overview" for the front page).
"""

from collections.abc import Iterable

from dashboard.county_pages import county_contest_id
from dashboard.publishing import as_of_id, card_id, detail_id
from results.feed.counties import BY_SLUG

OVERVIEW = "overview"
HIGHLIGHTS = ("delegations", "closest", "newest")
"""The overview's fragments about many contests."""


def anchor(page: str) -> str | None:
    """A fragment that is stored exactly if the page exists; None for a page there is not."""
    kind, _, slug = page.partition("/")
    if page in (OVERVIEW, "contests", "counties"):
        return "summary"
    if kind in ("contests", "embed") and slug:
        return card_id(slug)
    if kind == "counties" and slug in BY_SLUG:
        return "summary"
    return None


def shown(page: str, names: Iterable[str]) -> set[str]:
    """Those of these fragments that a page shows."""
    kind, _, slug = page.partition("/")
    if page == OVERVIEW:
        own = {"summary", *HIGHLIGHTS}
        return {name for name in names if name in own or name.startswith(("card-", "asof-"))}
    if page == "contests":
        return {name for name in names if name.startswith("item-")}
    if page == "counties":
        return {"summary", "counties"} & set(names)
    if kind == "counties":
        stem = county_contest_id(slug, "")
        return {name for name in names if name.startswith(stem)}
    ids = {card_id(slug), as_of_id(slug)}
    if kind == "contests":
        ids |= {detail_id(slug), "summary"}
    return ids & set(names)
