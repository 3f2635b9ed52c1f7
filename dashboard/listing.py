"""The list of all contests: what a line shows, and which lines a reader asked for."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext

from dashboard import cards, wording
from results.feed.counties import BY_NUMBER, BY_SLUG, COUNTIES
from results.feed.offices import PARTY_BY_CODE
from results.margins import Margin, deciding_margin, is_close
from results.models import Election
from results.selectors import ContestReturns, contest_areas, contest_returns

RECENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One contest in a list: those in the places that matter, and how far the count is."""

    slug: str
    url: str
    title: str
    subtitle: str
    status: str
    call: str
    has_report: bool
    shows_leader: bool
    rows: tuple[cards.Row, ...]
    others: str
    gap: str
    precincts: cards.Precincts
    as_of: str


def line(returns: ContestReturns) -> Line:
    """The line of a contest as its returns now stand."""
    card = cards.race_card(returns)
    everyone = (*card.rows, *card.more)
    shown = everyone[: 3 if returns.contest.rule == returns.contest.Rule.TOP_TWO else 2]
    left_out = len(everyone) - len(shown)
    return Line(
        slug=card.slug,
        url=card.url,
        title=card.title,
        subtitle=card.subtitle,
        status=card.status,
        call=card.call.text if card.call else "",
        has_report=card.has_report,
        shows_leader=card.shows_leader,
        rows=shown,
        others=gettext("and %(n)d more") % {"n": left_out} if left_out else "",
        gap=gap_text(deciding_margin(returns)),
        precincts=card.precincts,
        as_of=card.as_of,
    )


def gap_text(margin: Margin | None) -> str:
    """The gap between the places that matter, in points and words."""
    if margin is None:
        return ""
    points = f"{margin.points:.1f}"
    if margin.votes and points == "0.0":
        points = "<0.1"
    words = (
        gettext("%(points)s points between second and third")
        if margin.places == 2
        else gettext("%(points)s points apart")
    )
    return words % {"points": points}


# Finding --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """What a contest can be found by."""

    slug: str
    section: str
    parties: frozenset[str]
    counties: frozenset[str]
    close: bool
    called: bool
    changed_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked for: all of it must hold. "" and False ask for nothing."""

    q: str = ""
    office: str = ""
    party: str = ""
    county: str = ""
    close: bool = False
    recent: bool = False
    called: bool = False

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Wanted":
        """From an address's parameters; values that there are not are passed over."""
        offices = {key for key, _, _ in cards.SECTIONS}
        office, party = parameters.get("office", ""), parameters.get("party", "")
        county = parameters.get("county", "")
        return cls(
            q=" ".join(parameters.get("q", "").split())[:80],
            office=office if office in offices else "",
            party=party if party in wording.PARTY_NAMES else "",
            county=county if county in BY_SLUG else "",
            close="close" in parameters,
            recent="recent" in parameters,
            called="called" in parameters,
        )

    @property
    def is_all(self) -> bool:
        return self == Wanted()


@lru_cache(maxsize=8)
def entries(election_id: int, version: int, at: datetime | None = None) -> tuple[Entry, ...]:
    """The entries of an election's public contests, in their order; made once a version.

    at is the moment whose returns are meant, None for those of now.
    """
    election = Election.objects.get(pk=election_id)
    areas = contest_areas(election)
    sections = {slug: s.key for s in cards.all_sections() for slug in s.slugs}
    return tuple(
        _entry(one, areas.get(one.contest.pk, set()), sections[one.contest.office])
        for one in contest_returns(election, at=at)
    )


def _entry(returns: ContestReturns, counties: set[int], section: str) -> Entry:
    contest = returns.contest
    texts = [contest.title, contest.subject, contest.justice, contest.slug.replace("-", " ")]
    for language in ("en", "es"):
        with translation.override(language):
            texts += [wording.contest_title(contest), wording.contest_subtitle(contest)]
    standing = [one.candidate for one in returns.whole.candidates]
    if contest.kind == contest.Kind.CANDIDATES:
        texts += [f"{one.name} {one.display_name}" for one in standing]
    # Every county has the statewide contests: its name is to find those that not all have.
    if len(counties) < len(COUNTIES):
        texts += [f"{BY_NUMBER[number].name} County" for number in sorted(counties)]
    return Entry(
        slug=contest.slug,
        section=section,
        parties=frozenset(one.party for one in standing if one.party in PARTY_BY_CODE),
        counties=frozenset(BY_NUMBER[number].slug for number in counties),
        close=is_close(deciding_margin(returns)),
        called=returns.call is not None and returns.call.is_called,
        changed_at=returns.whole.changed_at,
        words=f" {plain(' '.join(texts))}",
    )


def plain(text: str) -> str:
    """A text as it is searched: small letters, no accents, words apart by one space."""
    # Unicode's way to match without case: a letter's plain form may be a capital again.
    decomposed = text
    for _ in range(2):
        decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    kept = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def find(all_entries: Sequence[Entry], wanted: Wanted) -> list[Entry]:
    """The entries that fit, in their order. Every word of a search must begin one of theirs."""
    words = plain(wanted.q).split()
    newest = max((e.changed_at for e in all_entries if e.changed_at), default=None)
    return [
        entry
        for entry in all_entries
        if all(f" {word}" in entry.words for word in words)
        and wanted.office in ("", entry.section)
        and (not wanted.party or wanted.party in entry.parties)
        and (not wanted.county or wanted.county in entry.counties)
        and (not wanted.close or entry.close)
        and (not wanted.called or entry.called)
        and (not wanted.recent or _is_recent(entry.changed_at, newest))
    ]


def _is_recent(changed_at: datetime | None, newest: datetime | None) -> bool:
    """Within the hour before the election's newest change: the feed's clock, not ours."""
    return changed_at is not None and newest is not None and newest - changed_at <= RECENT
