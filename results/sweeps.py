"""One sweep of the feed: what to ask, asking it, and taking up what came."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Max, Q

from results import archive, feed_state
from results.bulk import bulk_insert
from results.feed.client import FeedClient, Fetched, Validators
from results.feed.contest_ids import area_digits
from results.feed.facts import WHOLE, Area, ContestKey, Problem
from results.feed.plan import PlannedRequest, plan_sweep
from results.feed_state import SeenBody
from results.ingest import FetchedBody, ingest
from results.models import Election, Fetch, Return, Sweep
from results.models import Endpoint as PublishedEndpoint
from results.signals import returns_changed

logger = logging.getLogger(__name__)


@dataclass
class BatchResult:
    """What one batch of a sweep did.

    answered counts the requests that the feed answered, failures those that brought nothing or
    were not wholly understood; feed_time is the feed's clock at its last answer.
    """

    requests: int = 0
    answered: int = 0
    failures: int = 0
    changed: int = 0
    contests: set[int] = field(default_factory=set)
    feed_time: datetime | None = None


def plan_for(election: Election) -> list[PlannedRequest]:
    """The requests of a sweep of this election, from its contests and published endpoints.

    Made anew only when one of those has changed since the last sweep in this process.
    """
    contests = election.contests.aggregate(
        count=Count("pk"), off=Count("pk", filter=Q(on_ballot=False))
    )
    areas = Return.objects.filter(contest__election=election).aggregate(Count("pk"), Max("pk"))
    endpoints = election.endpoints.aggregate(Count("pk"), Max("pk"))
    known = (*contests.values(), *areas.values(), *endpoints.values())
    return list(_plan(election.pk, known))


@lru_cache(maxsize=4)
def _plan(election_id: int, known: tuple[int, ...]) -> tuple[PlannedRequest, ...]:
    """The plan; `known` is what it depends on, in numbers."""
    published = PublishedEndpoint.objects.filter(election=election_id)
    rows = (
        Return.objects.filter(contest__election=election_id)
        .filter(Q(contest__on_ballot=True) | Q(contest__on_ballot=None))
        .values_list(
            "contest__office",
            "contest__party",
            "contest__district",
            "contest__measure",
            "contest__justice",
            "county_id",
            "district",
        )
    )
    wanted = [(ContestKey(*row[:5]), _area(*row[5:])) for row in rows]
    return tuple(plan_sweep(wanted, list(published.values_list("path", flat=True))))


def requests_of_earlier_returns(election: Election) -> list[PlannedRequest]:
    """What to ask for once: published contests that are not on this ballot.

    The feed answers them with the returns of their last election, which do not change; they are
    kept so that the returns API can answer as the feed does. Asked at most once an hour.
    """
    rows = Return.objects.filter(
        contest__election=election, contest__on_ballot=False, district=None
    ).select_related("contest")
    wanted = [
        (row.contest.key, row.area)
        for row in rows
        if area_digits(row.area) not in row.contest.earlier_returns
    ]
    if not wanted or not feed_state.may_ask_earlier_returns(election.pk):
        return []
    # The lists of districts leave them out, so none of what was published is of use here.
    return plan_sweep(wanted, ())


def _area(county: int | None, district: int | None) -> Area:
    if county:
        return Area.county(county)
    return Area.district(district) if district else WHOLE


def feed_url(election: Election) -> str:
    """The part of the feed's addresses before /returns/."""
    return election.feed_url.rstrip("/") or settings.FEED_URL


@lru_cache(maxsize=2)
def feed_client(url: str) -> FeedClient:
    """The process's client of this feed, so that connections stay open from sweep to sweep."""
    return FeedClient(
        url, timeout=settings.FEED_TIMEOUT_SECONDS, concurrency=settings.FEED_CONCURRENCY
    )


def run_batch(
    sweep: Sweep,
    requests: Sequence[PlannedRequest],
    *,
    client: FeedClient | None = None,
    on_fetched: Callable[[Fetched], None] | None = None,
) -> BatchResult:
    """Fetch a batch, take up what is new, and log every request. Raises nothing the feed causes."""
    election = sweep.election
    client = client or feed_client(feed_url(election))
    paths = [request.path for request in requests]
    fallback_paths = [path for request in requests for path in request.fallback]
    seen = feed_state.seen_bodies(election.pk, [*paths, *fallback_paths])
    validators = {path: body.validators for path, body in seen.items()}
    fetched = client.fetch_all(paths, validators=validators, on_fetched=on_fetched)
    fetched += _fall_back(client, requests, fetched, validators, on_fetched)
    return _take_up(sweep, fetched, seen)


def _fall_back(
    client: FeedClient,
    requests: Sequence[PlannedRequest],
    fetched: Sequence[Fetched],
    validators: dict[str, Validators],
    on_fetched: Callable[[Fetched], None] | None,
) -> list[Fetched]:
    """Ask for the parts of queries that the feed refused, one by one.

    Only where it answered at all (a feed that is down is not asked ten times more), and no
    further once the first part of a query is refused as well.
    """
    more: list[Fetched] = []
    for request, answer in zip(requests, fetched, strict=True):
        if answer.ok or answer.status is None or not request.fallback:
            continue
        first, *rest = request.fallback
        probe = client.fetch_all([first], validators=validators, on_fetched=on_fetched)
        more += probe
        if probe[0].ok:
            more += client.fetch_all(rest, validators=validators, on_fetched=on_fetched)
    return more


def _take_up(sweep: Sweep, fetched: Sequence[Fetched], seen: Mapping[str, SeenBody]) -> BatchResult:
    """Ingest the bodies that are new or unsettled, and log every request."""
    election = sweep.election
    digests = {f.path: archive.digest(f.body) for f in fetched if f.ok and not f.not_modified}
    new_paths = {
        path for path, name in digests.items() if path not in seen or seen[path].sha256 != name
    }
    to_read = [
        f
        for f in fetched
        if f.path in new_paths or (f.path in digests and not seen[f.path].settled)
    ]
    result = BatchResult(
        requests=len(fetched),
        answered=sum(f.ok for f in fetched),
        feed_time=max((f.feed_time for f in fetched if f.feed_time), default=None),
    )
    problems: Mapping[str, list[Problem]] = {}
    if to_read:
        done = ingest(
            election, [FetchedBody(f.path, f.body, f.fetched_at, f.feed_time) for f in to_read]
        )
        result.changed, result.contests, problems = done.changed, done.contests, done.problems
        if done.contests:
            returns_changed.send(
                sender=Sweep,
                election_id=election.pk,
                contest_ids=done.contests,
                areas=done.areas,
            )
        feed_state.remember_bodies(
            election.pk,
            {
                f.path: SeenBody(
                    digests[f.path],
                    f.validators.etag,
                    f.validators.last_modified,
                    settled=f.path not in done.unsettled,
                )
                for f in to_read
            },
        )
    log = []
    for f in fetched:
        reason = f.error or _in_words(problems.get(f.path, []))
        if reason:
            result.failures += 1
            logger.warning("%s", reason if f.path in reason else f"{f.path}: {reason}")
        is_new = f.path in new_paths
        log.append(
            Fetch(
                sweep=sweep,
                path=f.path,
                fetched_at=f.fetched_at,
                milliseconds=f.milliseconds,
                status=f.status,
                outcome=_outcome(f, reason, is_new),
                reason=reason,
                body_id=digests[f.path] if is_new else None,
                is_new_body=is_new,
            )
        )
    bulk_insert(Fetch, log)
    return result


def _outcome(fetched: Fetched, reason: str, is_new: bool) -> Fetch.Outcome:
    if fetched.error:
        return Fetch.Outcome.FAILED
    if reason:
        return Fetch.Outcome.PARTLY
    return Fetch.Outcome.CHANGED if is_new else Fetch.Outcome.UNCHANGED


def _in_words(problems: Sequence[Problem], most: int = 3) -> str:
    words = "; ".join(str(problem) for problem in problems[:most])
    more = len(problems) - most
    return f"{words}; and {more} more" if more > 0 else words
