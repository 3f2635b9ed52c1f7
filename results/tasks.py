"""The Celery tasks that read the feed. Each may run twice or be killed without harm."""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from celery import chord, group, shared_task
from django.conf import settings
from django.utils import timezone

from results import feed_state
from results.alerts import DeliveryFailed, give_up, send_delivery
from results.calls import announce_due
from results.corrections import end_expired
from results.feed.client import Fetched
from results.feed.plan import PlannedRequest, batches
from results.models import Election, Fetch, Sweep
from results.rehearsals import feed_of, running_rehearsals
from results.sweeps import BatchResult, plan_for, requests_of_earlier_returns, run_batch
from results.watch import watch_feed, watch_returns

logger = logging.getLogger(__name__)

DELIVERY_RETRIES = 8
REHEARSAL_SECONDS = 2.0
"""Between two sweeps of a rehearsal: it goes faster than a night does."""
FETCH_LOG_DAYS = 2
"""How long requests that brought nothing new stay in the log; all others stay for good."""


@shared_task(name="results.sweep", ignore_result=True)
def sweep() -> str:
    """Begin a sweep of the current election, and of each rehearsal that runs, if one is due."""
    for rehearsal in running_rehearsals():
        if rehearsal.is_running:
            _begin_sweep(rehearsal.election, REHEARSAL_SECONDS)
    election = Election.objects.filter(is_current=True).first()
    if election is None:
        return "no current election"
    if election.feed_paused_at is not None:
        return "the feed is paused"
    return _begin_sweep(election, election.poll_seconds or settings.POLL_SECONDS)


def _begin_sweep(election: Election, seconds: float) -> str:
    if not feed_state.is_due(election.pk, seconds):
        return "not due yet"
    token = feed_state.begin_sweep(election.pk)
    if token is None:
        return "another sweep is under way"
    try:
        requests = plan_for(election) + requests_of_earlier_returns(election)
        if not requests:
            feed_state.end_sweep(token)
            return "the election has no endpoints"
        begun = Sweep.objects.create(election=election, started_at=timezone.now())
        shares = batches(requests, settings.SWEEP_BATCHES)
        header = [sweep_batch.s(begun.pk, token, [asdict(r) for r in share]) for share in shares]
        chord(group(header))(finish_sweep.s(begun.pk, token))
    except Exception:
        feed_state.end_sweep(token)
        raise
    return f"{len(requests)} requests in {len(shares)} batches"


@shared_task(name="results.sweep_batch")
def sweep_batch(sweep_id: int, token: str, requests: list[dict]) -> dict:
    """Fetch and take up one batch; what it did, for finish_sweep.

    A fault of our own is logged and counted as a failure of the whole batch rather than raised,
    so that the sweep always ends and gives its lock back.
    """
    begun = Sweep.objects.select_related("election").filter(pk=sweep_id).first()
    if begun is None:
        # Of a rehearsal that was stopped meanwhile, and purged.
        return asdict(BatchResult()) | {"feed_time": None}
    planned = [PlannedRequest(r["path"], r["weight"], tuple(r["fallback"])) for r in requests]
    # Between two renewals at most one request's time-outs pass.
    feed_state.renew_sweep(token)

    def renew(_fetched: Fetched) -> None:
        feed_state.renew_sweep(token)

    try:
        if begun.election.is_rehearsal:
            with feed_of(begun.election.rehearsal) as client:
                result = run_batch(begun, planned, client=client, on_fetched=renew)
        else:
            result = run_batch(begun, planned, on_fetched=renew)
    except Exception as fault:
        logger.exception("a batch of sweep %s failed", sweep_id)
        result = BatchResult(requests=len(planned), failures=len(planned))
        Fetch.objects.bulk_create(
            Fetch(
                sweep=begun,
                path=request.path,
                fetched_at=timezone.now(),
                outcome=Fetch.Outcome.FAILED,
                reason=f"not taken up: {type(fault).__name__}: {fault}",
            )
            for request in planned
        )
    return {
        "requests": result.requests,
        "answered": result.answered,
        "failures": result.failures,
        "changed": result.changed,
        "feed_time": result.feed_time.isoformat() if result.feed_time else None,
    }


@shared_task(name="results.finish_sweep", ignore_result=True)
def finish_sweep(done: list[dict], sweep_id: int, token: str) -> None:
    """Sum up a sweep, note that the feed was checked, and give the lock back."""
    requests = sum(batch["requests"] for batch in done)
    failures = sum(batch["failures"] for batch in done)
    times = [datetime.fromisoformat(batch["feed_time"]) for batch in done if batch["feed_time"]]
    now = timezone.now()
    ended = Sweep.objects.select_related("election").filter(pk=sweep_id).first()
    if ended is None:
        # A rehearsal that was stopped meanwhile, and purged.
        feed_state.end_sweep(token)
        return
    ended.finished_at, ended.requests, ended.failures = now, requests, failures
    ended.changed = sum(batch["changed"] for batch in done)
    ended.feed_time = max(times, default=None)
    ended.save()
    if any(batch["answered"] for batch in done):
        rehearsal_id = ended.election_id if ended.election.is_rehearsal else None
        feed_state.note_check(feed_state.LastCheck(now, ended.feed_time), rehearsal_id)
    feed_state.end_sweep(token)


@shared_task(name="results.watch", ignore_result=True)
def watch(election_id: int, contest_ids: list[int], areas: list[list]) -> None:
    """Raise the alerts that a change of these contests calls for."""
    election = Election.objects.filter(pk=election_id).first()
    if election is not None:
        watch_returns(election, contest_ids, [tuple(area) for area in areas])


@shared_task(name="results.watch_feed", ignore_result=True)
def watch_current_feed() -> None:
    """Raise the alerts that the feed itself calls for."""
    election = Election.objects.filter(is_current=True).first()
    if election is not None:
        watch_feed(election)


@shared_task(name="results.deliver", bind=True, max_retries=DELIVERY_RETRIES, ignore_result=True)
def deliver(self, delivery_id: int) -> None:
    """Send an alert to a channel; one that refuses it is tried again, ever more slowly."""
    try:
        send_delivery(delivery_id)
    except DeliveryFailed as reason:
        if self.request.retries >= DELIVERY_RETRIES:
            give_up(delivery_id)
            return
        raise self.retry(exc=reason, countdown=min(600, 5 * 2**self.request.retries)) from reason


@shared_task(name="results.prune_fetch_log", ignore_result=True)
def prune_fetch_log() -> int:
    """Drop old log lines of requests that brought nothing new; how many."""
    before = timezone.now() - timedelta(days=FETCH_LOG_DAYS)
    dropped, _ = Fetch.objects.filter(
        outcome=Fetch.Outcome.UNCHANGED, is_new_body=False, fetched_at__lt=before
    ).delete()
    return dropped


@shared_task(name="results.announce_calls", ignore_result=True)
def announce_calls() -> None:
    """Show the race calls whose embargo has passed, and end the overrides whose time is over."""
    announce_due()
    end_expired()
