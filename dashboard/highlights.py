"""What the overview tells across contests: the delegations, the closest, the newest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dashboard import addresses, cards, update_list, wording
from dashboard.listing import gap_text
from results.feed.offices import PARTY_BY_CODE
from results.margins import Margin, deciding_margin, is_close
from results.models import Contest
from results.selectors import ContestReturns

LISTED = 6

_CHAMBERS = (
    ("us-rep", "us-house", _("U.S. House"), 52),
    ("state-senate", "state-senate", _("State Senate"), 40),
    ("state-assembly", "state-assembly", _("State Assembly"), 80),
)
"""Office, section, name, and California's seats there (52 of the House since 2022)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One party's seats in a chamber's bar; width is in hundredths of it."""

    label: str
    letter: str
    party_class: str
    seats: int
    called: int
    start: str
    width: str
    called_width: str


@dataclass(frozen=True, slots=True)
class Chamber:
    """Who is ahead in the districts of a chamber that vote this time."""

    name: str
    url: str
    heading: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Close:
    """One contest in a short list."""

    slug: str
    url: str
    title: str
    names: str
    detail: str
    split: str = ""
    """How the votes of the last update went, where a page has the room to tell."""


def chambers(contests: Sequence[ContestReturns]) -> list[Chamber]:
    """The delegations by who is ahead, of those offices that are on the ballot."""
    found = []
    for office, section, name, seats in _CHAMBERS:
        of_office = [one for one in contests if one.contest.office == office]
        if of_office:
            found.append(_chamber(section, str(name), seats, of_office))
    return found


def _chamber(section: str, name: str, seats: int, contests: Sequence[ContestReturns]) -> Chamber:
    is_primary = contests[0].contest.rule == Contest.Rule.TOP_TWO
    ahead: Counter[str] = Counter()
    called: Counter[str] = Counter()
    one_party = 0
    for one in contests:
        leaders = cards.leading(one)
        winners = [
            c.candidate for c in one.whole.ranked if one.call and c.candidate.pk in one.call.winners
        ]
        if one.call is not None and one.call.is_called and winners:
            # A call outweighs a lead: the seat counts for the winner's party.
            ahead[winners[0].party] += 1
            called[winners[0].party] += 1
        elif leaders:
            ahead[leaders[0].candidate.party] += 1
        if is_primary and len(leaders) == 2:
            one_party += leaders[0].candidate.party == leaders[1].candidate.party
    unclear = len(contests) - sum(ahead.values())
    order = list(PARTY_BY_CODE)
    counted = sorted(ahead.items(), key=lambda pair: order.index(pair[0]))
    parts: list[Part] = []
    start = 0.0
    for code, n in [*counted, ("", unclear)]:
        if not n:
            continue
        width = 100 * n / len(contests)
        parts.append(
            Part(
                label=str(wording.PARTY_NAMES[code]) if code else gettext("Too soon to say"),
                letter=wording.PARTY_LETTERS.get(code, ""),
                party_class=wording.party_class(code) if code else "unclear",
                seats=n,
                called=called[code] if code else 0,
                start=f"{start:.2f}",
                width=f"{width:.2f}",
                called_width=f"{100 * called[code] / len(contests) if code else 0:.2f}",
            )
        )
        start += width
    notes = []
    if called.total():
        notes.append(
            ngettext("%(n)d of them is called.", "%(n)d of them are called.", called.total())
            % {"n": called.total()}
        )
    if one_party:
        notes.append(
            ngettext(
                "In %(n)d district two of one party lead for November.",
                "In %(n)d districts two of one party lead for November.",
                one_party,
            )
            % {"n": one_party}
        )
    if seats > len(contests):
        left = seats - len(contests)
        notes.append(
            ngettext("%(n)d seat is not up.", "%(n)d seats are not up.", left) % {"n": left}
        )
    return Chamber(
        name=name,
        url=_of_office(section),
        heading=gettext("In first place") if is_primary else gettext("Leading"),
        parts=tuple(parts),
        notes=tuple(notes),
        summary=", ".join(_part_words(part) for part in parts),
    )


def _part_words(part: Part) -> str:
    if not part.called:
        return f"{part.label}: {part.seats}"
    called = gettext("%(n)d called") % {"n": part.called}
    return f"{part.label}: {part.seats} ({called})"


def _of_office(section: str) -> str:
    """All contests of a kind of office."""
    address = addresses.contests()
    return f"{address}{'&' if '?' in address else '?'}office={section}"


def closest(contests: Sequence[ContestReturns]) -> list[Close]:
    """The closest contests, narrowest first."""
    return [_close(one, margin) for one, margin in _closest(contests)]


def closest_returns(contests: Sequence[ContestReturns]) -> list[ContestReturns]:
    """The returns of the closest contests, narrowest first."""
    return [one for one, _ in _closest(contests)]


def _closest(contests: Sequence[ContestReturns]) -> list[tuple[ContestReturns, Margin]]:
    """Those under two points between the places that matter, once enough has reported."""
    found = []
    for one in contests:
        margin = deciding_margin(one)
        if margin is not None and is_close(margin) and cards.past_threshold(one):
            found.append((one, margin))
    found.sort(key=lambda pair: pair[1].points)
    return found[:LISTED]


def _close(returns: ContestReturns, margin: Margin) -> Close:
    kind = returns.contest.kind
    names = gettext("%(ahead)s ahead of %(behind)s") % {
        "ahead": wording.choice_name(str(margin.ahead.candidate), kind),
        "behind": wording.choice_name(str(margin.behind.candidate), kind),
    }
    votes = ngettext("%(n)s vote", "%(n)s votes", margin.votes) % {"n": f"{margin.votes:,}"}
    return _listed(returns, names, f"{votes}, {gap_text(margin)}")


def newest(contests: Sequence[ContestReturns]) -> list[Close]:
    """The contests whose figures changed last: where they stand, and what changed."""
    return [
        _listed(
            one,
            cards.standing_text(one.whole, one.contest.kind, gap=wording.KEPT),
            cards.change_text(one),
            update_list.last_report(one),
        )
        for one in newest_returns(contests)
    ]


def newest_returns(contests: Sequence[ContestReturns]) -> list[ContestReturns]:
    """The contests whose figures changed last."""
    changed = [
        (one.whole.changed_at, _weight(one), one)
        for one in contests
        if one.whole.changed_at and one.whole.has_report
    ]
    # Many change at once: those come first that changed most for their size.
    changed.sort(key=lambda three: three[:2], reverse=True)
    return [one for _, _, one in changed[:LISTED]]


def _weight(returns: ContestReturns) -> float:
    """The votes that the last change brought, as a share of all there are."""
    update = returns.last_update
    return abs(update.votes_added) / returns.whole.total_votes if update else 0.0


def _listed(returns: ContestReturns, names: str, detail: str, split: str = "") -> Close:
    contest = returns.contest
    return Close(
        contest.slug,
        addresses.contest(contest.slug),
        wording.contest_title(contest),
        names,
        detail,
        split,
    )
