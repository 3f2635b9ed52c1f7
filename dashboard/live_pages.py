"""Which stored fragments each live page shows: the one table of pages that keep themselves current.

A page's name is its address without the slashes at its ends ("overview" for the front page).
"""

from collections.abc import Iterable, Sequence

from dashboard.boards import control_id
from dashboard.county_pages import county_contest_id
from dashboard.publishing import as_of_id, card_id, detail_id
from results.feed.counties import BY_SLUG

OVERVIEW = "overview"
HIGHLIGHTS = ("delegations", "closest", "newest")
"""The overview's fragments about many contests."""


MOST_COUNTIES = 5
"""Counties that a reader's own page shows: a page of all would be sent whole at each change."""


def my_page(counties: Sequence[str], districts: Sequence[str]) -> str:
    """The name of the page of these counties and of these districts' contests (slugs)."""
    return "/".join(["my", *counties, *districts])


def anchor(page: str) -> str | None:
    """A fragment that is stored exactly if the page exists; None for a page there is not."""
    kind, _, slug = page.partition("/")
    if page in (OVERVIEW, "contests", "counties", "my"):
        return "summary"
    if kind in ("contests", "embed") and slug:
        return card_id(slug)
    if kind == "board" and slug:
        return control_id(slug)
    if (kind == "counties" and slug in BY_SLUG) or kind == "my":
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
    if kind == "board":
        stem = control_id(slug).removesuffix("control")
        own = {n for n in names if n.startswith(stem) and "--" not in n.removeprefix(stem)}
        return own | ({"summary"} & set(names))
    if kind == "my":
        return _of_my_page(slug.split("/"), names)
    ids = {card_id(slug), as_of_id(slug)}
    if kind == "contests":
        ids |= {detail_id(slug), "summary"}
    return ids & set(names)


def _of_my_page(chosen: Sequence[str], names: Iterable[str]) -> set[str]:
    """Of the chosen counties their fragments, of the chosen districts their cards.

    A county's page holds more contests than a reader's own one shows of the county; the browser
    passes over those it has no place for.
    """
    stems = tuple(county_contest_id(slug, "") for slug in chosen if slug in BY_SLUG)
    ids = {of(slug) for slug in chosen for of in (card_id, as_of_id)}
    return {name for name in names if name in ids or name.startswith(stems)}
