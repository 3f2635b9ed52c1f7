"""The list of a contest's updates: which county, how many votes, how they split, what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from dashboard import addresses, wording
from results.history import Update
from results.models import Candidate, Contest, Election
from results.selectors import ContestReturns

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


def last_report(returns: ContestReturns) -> str:
    """Where the last update of a contest came from, as far as that is known, and how it split.

    Of a first report only where it came from: its split is the standing.
    """
    update = returns.last_update
    if update is None or not returns.whole.has_report:
        return ""
    kind = returns.contest.kind
    names = {
        one.candidate.pk: wording.choice_name(str(one.candidate), kind)
        for one in returns.whole.candidates
    }
    counties = returns.last_came_from
    place = ", ".join(wording.county_name(county.name) for county in counties)
    if len(counties) > 1:
        place = gettext("%(n)d counties") % {"n": len(counties)}
    split = split_text(
        update.added_by_candidate, update.votes_added, update.votes_fell, names, most=2
    )
    if update.is_first or not split:
        return place
    # The shares of an update must not be taken for the standing of the contest.
    if _is_correction(update.votes_added, update.votes_fell):
        label = gettext("Changes in %(place)s") if place else gettext("Changes")
    else:
        label = gettext("From %(place)s; of these") if place else gettext("Of these")
    return f"{label % {'place': place}}:\n{split}"


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
        split=split_text(update.added, update.total_added, update.votes_fell, names),
        effect=_effect(update, names),
        note=note,
        fell=update.votes_fell,
    )


def split_text(
    added: Mapping[int, int], total: int, fell: bool, names: Mapping[int, str], most: int = SPLIT
) -> str:
    """How the votes that came went to the candidates; a correction's changes as they are."""
    largest = sorted(added.items(), key=lambda pair: -abs(pair[1]))[:most]
    if _is_correction(total, fell):
        changed = [pair for pair in largest if pair[1]]
        return ", ".join(
            f"{names.get(pk, '')}{wording.KEPT}{signed(votes)}" for pk, votes in changed
        )
    return ", ".join(
        f"{names.get(pk, '')}{wording.KEPT}{100 * votes / total:.1f}%" for pk, votes in largest
    )


def _is_correction(total: int, fell: bool) -> bool:
    """Whether an update is told as changes: shares tell of votes that came, and of those alone."""
    return fell or total <= 0


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
