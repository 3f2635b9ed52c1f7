"""The list of a contest's updates: which county, how many votes, how they split, what it did."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from dashboard import addresses, wording
from results.history import Update
from results.models import Candidate, Contest, Election

LISTED = 40
SPLIT = 3
"""Candidates whose share of an update is told."""


@dataclass(frozen=True, slots=True)
class Item:
    """One update in words."""

    time: str
    place: str
    place_url: str
    votes: str
    split: str
    effect: str
    note: str
    fell: bool


def items(
    contest: Contest,
    election: Election,
    candidates: Sequence[Candidate],
    updates: Sequence[Update],
) -> list[Item]:
    names = {one.pk: wording.choice_name(str(one), contest.kind) for one in candidates}
    return [_item(update, election, names) for update in updates]


def _item(update: Update, election: Election, names: dict[int, str]) -> Item:
    place = (
        wording.county_name(update.county.name) if update.county else gettext("The whole contest")
    )
    note = ""
    if update.votes_fell:
        note = gettext("Correction: a total fell")
    elif update.is_first:
        note = gettext("First report")
    return Item(
        time=wording.night_time(update.reported_at, election),
        place=place,
        place_url=addresses.county(update.county.slug) if update.county else "",
        votes=ngettext("%(n)s vote", "%(n)s votes", abs(update.total_added))
        % {"n": signed(update.total_added)},
        split=_split(update, names),
        effect=_effect(update, names),
        note=note,
        fell=update.votes_fell,
    )


def _split(update: Update, names: dict[int, str]) -> str:
    """How the votes that came went to the candidates; a correction's changes as they are."""
    most = sorted(update.added.items(), key=lambda pair: -abs(pair[1]))[:SPLIT]
    if update.votes_fell or update.total_added <= 0:
        return ", ".join(f"{names.get(pk, '')} {signed(votes)}" for pk, votes in most)
    return ", ".join(
        f"{names.get(pk, '')} {100 * votes / update.total_added:.1f}%" for pk, votes in most
    )


def _effect(update: Update, names: dict[int, str]) -> str:
    """What the report did to the lead of the first over the second."""
    if update.first is None or update.second is None or not update.lead_change:
        return ""
    return gettext("Lead of %(first)s over %(second)s: %(change)s") % {
        "first": names.get(update.first, ""),
        "second": names.get(update.second, ""),
        "change": signed(update.lead_change),
    }


def signed(votes: int) -> str:
    return f"{votes:+,}".replace("-", "\N{MINUS SIGN}")
