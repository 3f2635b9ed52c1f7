"""Rendering what changed, once, for all readers: the workers' side of the live pages."""

import json
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress

from django.conf import settings
from django.utils import translation
from redis.exceptions import LockError

from dashboard import boards, cards, fragments, live
from dashboard.rehearsing import rehearsing
from results.models import Contest, Election
from results.redis_store import redis_store
from results.selectors import (
    ContestReturns,
    ElectionSummary,
    contest_returns,
    county_counts,
    current_election,
    election_summary,
    most_votes,
    public_contests,
)
from results.unprocessed import left_to_count, newest_estimates

PUBLISH_LOCK_SECONDS = 30
EVERYTHING = "all"
"""In the set of changed contests: render all of them."""
BOARDS = "boards"
"""In the set of changed contests: render what is about many of them, such as wall boards."""


def note_changes(election_id: int, contest_ids: Iterable[int | str]) -> None:
    """Put contests on the list of what the next publication renders."""
    ids = list(contest_ids)
    if ids:
        redis_store().sadd(_waiting(election_id), *ids)


def publish_waiting(election_id: int, seconds: float = 20.0) -> bool:
    """Render and publish what waits; whether something waits still when the seconds are over.

    One publisher at a time, so that an older rendering never replaces a newer one. What comes
    while one is at work is left to that one; it looks again before it ends.
    """
    store = redis_store()
    until = time.monotonic() + seconds
    while store.exists(_waiting(election_id), _in_work(election_id)):
        lock = store.lock(f"live:{election_id}:publisher", timeout=PUBLISH_LOCK_SECONDS)
        if not lock.acquire(blocking=False):
            return False
        try:
            # What a killed publisher left in work is taken up together with what waits.
            with store.pipeline() as pipe:
                in_work, waiting = _in_work(election_id), _waiting(election_id)
                pipe.sunionstore(in_work, [in_work, waiting])
                pipe.delete(_waiting(election_id))
                pipe.smembers(_in_work(election_id))
                *_, members = pipe.execute()
            names = {str(name) for name in members}
            election = Election.objects.filter(pk=election_id).first()
            if election is not None:
                everything = EVERYTHING in names
                chosen = [int(name) for name in names - {EVERYTHING, BOARDS}]
                publish(election, None if everything else chosen)
            store.delete(_in_work(election_id))
        finally:
            # If it has expired, another publisher has taken over.
            with suppress(LockError):
                lock.release()
        if time.monotonic() > until:
            return bool(store.exists(_waiting(election_id)))
    return False


def publish(election: Election, contest_ids: Iterable[int] | None = None) -> set[str]:
    """Render and publish these contests (all, if None); the ids of the fragments that changed.

    First what the overview shows, then the longer contest pages. A rehearsal's lead to its own.
    """
    with rehearsing(election):
        return _publish(election, contest_ids)


def _publish(election: Election, contest_ids: Iterable[int] | None) -> set[str]:
    returns = contest_returns(election, contest_ids, areas=True)
    summary = election_summary(election)
    left = left_to_count(newest_estimates(election))
    everything = contest_returns(election)
    ballots = most_votes(everything)
    # Only contests whose cards are stored, or are about to be, have a place on the page: a card
    # that came to it from elsewhere would be sent once more when it is stored.
    known = live.stored(election.pk, settings.LANGUAGE_CODE)
    known |= {card_id(one.contest.slug) for one in returns}
    contests = [c for c in public_contests(election) if card_id(c.slug) in known]
    pieces: dict[str, dict[str, str]] = {}
    inner: dict[str, str] = {}
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            pieces[language] = {"summary": fragments.summary(summary, left, ballots)}
            for one in returns:
                slug = one.contest.slug
                inner[card_id(slug)] = as_of_id(slug)
                card, as_of = fragments.card_and_as_of(one)
                pieces[language] |= {card_id(slug): card, as_of_id(slug): as_of}
            pieces[language] |= {
                "delegations": fragments.delegations(everything),
                "closest": fragments.closest(everything),
                "newest": fragments.newest(everything),
            }
            pieces[language][live.LAYOUT] = layout(contests)
    for language, html in boards.fragments_by_language(election, everything).items():
        pieces[language] |= html
    live.note_last_change(election.pk, last_change(summary))
    changed = live.publish(election.pk, pieces, inner)
    return changed | publish_details(election, returns)


def last_change(summary: ElectionSummary) -> live.LastChange | None:
    """When figures changed; None before any came. None are due once all precincts are in."""
    if summary.changed_at is None:
        return None
    complete = 0 < summary.precincts_total == summary.precincts_reporting
    due = summary.changed_at if complete else summary.election.polls_close + live.NIGHT
    return live.LastChange(summary.changed_at, due)


def publish_details(election: Election, returns: Iterable[ContestReturns]) -> set[str]:
    """Render and publish the rest of contests: their own pages, the list, and the counties."""
    chosen = list(returns)
    counts = county_counts(election)
    estimates = newest_estimates(election)
    left = left_to_count(estimates)
    details: dict[str, dict[str, str]] = {}
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            details[language] = {"counties": fragments.counties(counts, election, estimates)}
            for one in chosen:
                slug = one.contest.slug
                details[language] |= {
                    detail_id(slug): fragments.contest_detail(one, left),
                    line_id(slug): fragments.line(one),
                    **fragments.county_contests(one),
                }
    return live.publish(election.pk, details)


def publish_election_choice() -> int | None:
    """Tell the web processes which election is the current one; its id, or None."""
    election = current_election()
    if election is None:
        redis_store().delete(live.CURRENT_ELECTION)
        return None
    redis_store().set(live.CURRENT_ELECTION, election.pk)
    return election.pk


def layout(contests: Sequence[Contest]) -> str:
    """Which cards stand where, as text: a change of it changes the page's whole region."""
    return json.dumps([[s.key, s.heading, s.slugs] for s in cards.sections(contests)])


def read_layout(text: str) -> list[cards.Section]:
    """The sections that a stored layout tells."""
    return [cards.Section(key, heading, tuple(slugs)) for key, heading, slugs in json.loads(text)]


def card_id(slug: str) -> str:
    return f"card-{slug}"


def as_of_id(slug: str) -> str:
    return f"asof-{slug}"


def line_id(slug: str) -> str:
    return f"item-{slug}"


def detail_id(slug: str) -> str:
    return f"contest-{slug}"


def _waiting(election_id: int) -> str:
    return f"live:{election_id}:waiting"


def _in_work(election_id: int) -> str:
    return f"live:{election_id}:in-work"
