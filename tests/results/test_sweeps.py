import pytest

from results import feed_state, tasks
from results.feed.client import FeedClient
from results.models import ArchivedBody, Fetch, Return, ReturnUpdate, Sweep
from results.sweeps import plan_for, run_batch
from tests.bodies import LATER, body, element, in_county, statewide

ALL = "us-senate/county/all"
HOUSE = "us-rep/district/all"
HOUSE_TITLE = "U.S. House of Representatives District {} - Districtwide Results"

pytestmark = pytest.mark.usefixtures("empty_redis")


@pytest.fixture
def election(make_election):
    return make_election(ALL, HOUSE)


@pytest.fixture
def sweep_now(election, feed_server):
    """One whole sweep against the test's feed, in one batch."""
    from django.utils import timezone

    client = FeedClient(feed_server.url, timeout=1.0, attempts=1)

    def run():
        sweep = Sweep.objects.create(election=election, started_at=timezone.now())
        return run_batch(sweep, plan_for(election), client=client)

    return run


def serve_night(feed_server, votes: int = 5) -> None:
    feed_server.serve(ALL, body([statewide({"Schiff": votes}), in_county("Lake", {"Schiff": 2})]))
    feed_server.serve(HOUSE, body([element(HOUSE_TITLE.format(1), {"A": votes})]))


def outcomes() -> dict[str, str]:
    last = Sweep.objects.first()
    return dict(Fetch.objects.filter(sweep=last).values_list("path", "outcome"))


def test_a_sweep_brings_what_the_feed_serves(sweep_now, feed_server):
    serve_night(feed_server)
    result = sweep_now()
    assert (result.requests, result.failures, result.changed) == (2, 0, 3)
    assert Return.objects.get(contest__slug="us-rep-district-1").total_votes == 5


def test_a_second_sweep_of_unchanged_bodies_writes_only_the_log(sweep_now, feed_server):
    serve_night(feed_server)
    sweep_now()
    before = list(Return.objects.order_by("pk").values())
    kept = ArchivedBody.objects.count(), ReturnUpdate.objects.count()
    result = sweep_now()
    assert result.changed == 0
    assert list(Return.objects.order_by("pk").values()) == before
    assert (ArchivedBody.objects.count(), ReturnUpdate.objects.count()) == kept
    assert set(outcomes().values()) == {"unchanged"}


def test_a_sweep_after_redis_has_lost_everything_changes_nothing(
    sweep_now, feed_server, empty_redis
):
    serve_night(feed_server)
    sweep_now()
    empty_redis.flushdb()
    assert sweep_now().changed == 0
    assert ReturnUpdate.objects.count() == 3


def test_unchanged_bodies_with_validators_are_not_sent_again(sweep_now, feed_server):
    feed_server.serve(ALL, body([statewide({"Schiff": 5})]), headers={"ETag": '"a"'})
    sweep_now()
    sweep_now()
    assert feed_server.request_headers[ALL]["If-None-Match"] == '"a"'
    assert outcomes()[ALL] == "unchanged"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"body": b"<html>maintenance</html>"}, "HTML"),
        ({"body": b'[{"raceTitle": "U.S.'}, "not JSON"),
        ({"body": b"3"}, "an object or a list was expected"),
        ({"body": b"oops", "status": 500}, "HTTP 500"),
        ({"body": b"", "delay": 1.5}, "timed out"),
    ],
)
def test_trouble_with_one_endpoint_is_logged_and_the_rest_is_unharmed(
    sweep_now, feed_server, answer, reason
):
    serve_night(feed_server)
    sweep_now()
    feed_server.serve(HOUSE, **answer)
    feed_server.serve(ALL, body([statewide({"Schiff": 9}, at=LATER)]))
    result = sweep_now()
    assert result.failures == 1
    logged = Fetch.objects.get(path=HOUSE, outcome__in=["failed", "partly"])
    assert reason in logged.reason
    assert Return.objects.get(contest__slug="us-senate", county=None).total_votes == 9
    assert Return.objects.get(contest__slug="us-rep-district-1").total_votes == 5


def test_a_refused_connection_is_logged_for_every_endpoint(sweep_now, feed_server, election):
    serve_night(feed_server)
    sweep_now()
    feed_server.stop_listening()
    result = sweep_now()
    assert result.failures == result.requests == 2
    assert "refused" in Fetch.objects.filter(outcome="failed").first().reason
    assert Return.objects.get(contest__slug="us-rep-district-1").total_votes == 5


def test_a_body_not_wholly_understood_is_read_again_although_unchanged(sweep_now, feed_server):
    broken = statewide({"Schiff": 5})
    broken["candidates"][0]["Party"] = "Whig"
    feed_server.serve(ALL, body([broken, in_county("Lake", {"Schiff": 2})]))
    sweep_now()
    sweep_now()
    assert outcomes()[ALL] == "partly"
    assert "Whig" in Fetch.objects.filter(path=ALL).first().reason
    assert ArchivedBody.objects.filter(fetches__path=ALL).distinct().count() == 1


def test_a_query_the_feed_refuses_is_asked_part_by_part(make_election, feed_server):
    from django.utils import timezone

    paths = [f"us-rep/district/1/county/{slug}" for slug in ("lake", "napa")]
    election = make_election("us-rep/district/1", *paths)
    title = "U.S. House of Representatives District 1 - {} Results"
    feed_server.serve("us-rep/district/1", body(element(title.format("Districtwide"), {"A": 5})))
    for path, name in zip(paths, ("Lake County", "Napa County"), strict=True):
        feed_server.serve(path, body([element(title.format(name), {"A": 2})]))
    sweep = Sweep.objects.create(election=election, started_at=timezone.now())
    client = FeedClient(feed_server.url, attempts=1)
    run_batch(sweep, plan_for(election), client=client)
    reported = Return.objects.filter(reported_at__isnull=False)
    assert set(reported.values_list("county", flat=True)) == {None, 17, 28}


def test_only_one_sweep_runs_at_a_time(empty_redis):
    first = feed_state.begin_sweep()
    assert first is not None
    assert feed_state.begin_sweep() is None
    feed_state.end_sweep(first)
    assert feed_state.begin_sweep() is not None


def test_the_lock_of_a_killed_worker_expires(empty_redis):
    assert feed_state.begin_sweep()
    assert 0 < empty_redis.ttl("feed:sweep-lock:0") <= feed_state.SWEEP_LOCK_SECONDS


def test_a_sweep_that_lost_its_lock_does_not_take_anothers(empty_redis):
    first = feed_state.begin_sweep()
    empty_redis.delete("feed:sweep-lock:0")
    second = feed_state.begin_sweep()
    feed_state.end_sweep(first)
    assert not feed_state.renew_sweep(first)
    assert feed_state.renew_sweep(second)


def test_a_batch_with_a_fault_of_our_own_still_ends_the_sweep(
    election, feed_server, empty_redis, settings, monkeypatch
):
    from django.utils import timezone

    serve_night(feed_server)
    settings.FEED_URL = feed_server.url
    sweep = Sweep.objects.create(election=election, started_at=timezone.now())
    token = feed_state.begin_sweep()

    def broken(*args, **kwargs):
        raise RuntimeError("no space left")

    monkeypatch.setattr(tasks, "run_batch", broken)
    done = tasks.sweep_batch(sweep.pk, token, [{"path": ALL, "weight": 1, "fallback": []}])
    tasks.finish_sweep([done], sweep.pk, token)
    sweep.refresh_from_db()
    assert sweep.failures == 1
    assert "no space left" in Fetch.objects.get().reason
    assert feed_state.begin_sweep() is not None


def test_a_finished_sweep_tells_when_the_feed_was_checked(election, empty_redis):
    from django.utils import timezone

    sweep = Sweep.objects.create(election=election, started_at=timezone.now())
    batch = {
        "requests": 2,
        "answered": 2,
        "failures": 1,
        "changed": 3,
        "feed_time": "2024-03-06T05:00:00+00:00",
    }
    tasks.finish_sweep([batch, {**batch, "feed_time": None}], sweep.pk, "0-token")
    check = feed_state.last_check()
    assert check is not None
    assert check.age_seconds < 60
    sweep.refresh_from_db()
    assert (sweep.requests, sweep.failures, sweep.changed) == (4, 2, 6)


def test_a_sweep_that_nobody_answered_is_no_check(election, empty_redis):
    from django.utils import timezone

    sweep = Sweep.objects.create(election=election, started_at=timezone.now())
    batch = {"requests": 2, "answered": 0, "failures": 2, "changed": 0, "feed_time": None}
    tasks.finish_sweep([batch], sweep.pk, "0-token")
    assert feed_state.last_check() is None


def test_answers_not_wholly_understood_are_a_check_all_the_same(election, empty_redis):
    from django.utils import timezone

    sweep = Sweep.objects.create(election=election, started_at=timezone.now())
    batch = {"requests": 2, "answered": 2, "failures": 2, "changed": 0, "feed_time": None}
    tasks.finish_sweep([batch], sweep.pk, "0-token")
    assert feed_state.last_check() is not None
