import pytest
from django.conf import settings
from redis.exceptions import ConnectionError as RedisConnectionError

from dashboard import live, pages, publishing
from results import answers, feed_state
from results.models import Contest, Election
from tests.bodies import LATER, element, in_county, statewide

ALL = "us-senate/county/all"


@pytest.fixture
def election(make_election, take_up):
    found = make_election(ALL)
    take_up(
        found,
        {ALL: [statewide({"Schiff": 2_000, "Garvey": 1_000}), in_county("Lake", {"Schiff": 9})]},
    )
    publish(found)
    return found


def publish(election) -> None:
    publishing.publish_election_choice()
    publishing.publish(election)
    pages.forget_state()


def more_votes(election, take_up, votes: int = 2_500) -> None:
    take_up(election, {ALL: [statewide({"Schiff": votes, "Garvey": 1_000}, at=LATER)]})
    publish(election)


def poll_path(client, url: str = "/") -> str:
    html = client.get(url).content.decode()
    return html.partition('hx-get="')[2].partition('"')[0]


def test_the_overview_has_every_card_with_its_figures(client, election):
    html = client.get("/").content.decode()
    assert 'id="card-us-senate"' in html
    assert ">2,000<" in html
    assert ">66.7%<" in html
    assert "10%" in html


def test_the_overview_without_an_election_says_so(client, db):
    assert "No election has been loaded" in client.get("/").content.decode()


def test_the_overview_is_there_before_a_first_answer_of_the_feed(client, make_election):
    make_election(ALL)
    assert "appear here with the first answer" in client.get("/").content.decode()


def test_the_contest_page_has_a_row_for_each_county(client, election):
    html = client.get("/contests/us-senate/").content.decode()
    assert html.count('<th scope="row">') >= 58
    assert "Not yet received" in html


def test_an_unknown_contest_is_not_found_in_words(client, election):
    response = client.get("/contests/us-senat/")
    assert response.status_code == 404
    assert "There is no contest “us-senat”" in response.content.decode()


def test_a_hidden_contest_is_not_found(client, election):
    Contest.objects.update(is_published=False)
    publish(election)
    assert client.get("/contests/us-senate/").status_code == 404


def test_spanish_pages_have_their_own_addresses(client, election):
    html = client.get("/es/").content.decode()
    assert '<html lang="es">' in html
    assert "Senado de EE. UU." in html
    assert 'href="/es/contests/us-senate/"' in html
    assert poll_path(client, "/es/").startswith("/es/live/overview/")


def test_a_poll_with_nothing_new_is_empty(client, election):
    response = client.get(poll_path(client))
    assert response.status_code == 204
    assert response.content == b""


def test_a_poll_with_nothing_new_asks_no_database(client, election, django_assert_num_queries):
    path = poll_path(client)
    with django_assert_num_queries(0):
        client.get(path)


def test_the_overview_asks_no_database_when_it_was_built_before(
    client, election, django_assert_num_queries
):
    client.get("/")
    with django_assert_num_queries(0):
        client.get("/")


def test_a_poll_after_a_change_brings_the_changed_card_and_the_new_address(
    client, election, take_up
):
    path = poll_path(client)
    more_votes(election, take_up)
    html = client.get(path).content.decode()
    assert '<article id="card-us-senate" data-live hx-swap-oob="true"' in html
    assert ">2,500<" in html
    assert poll_path(client) in html


def test_a_new_time_alone_brings_only_the_time(client, election, take_up):
    path = poll_path(client)
    more_votes(election, take_up, votes=2_000)
    html = client.get(path).content.decode()
    assert "card-us-senate" not in html
    assert '<p id="asof-us-senate" data-live hx-swap-oob="true"' in html


def test_a_contests_page_is_told_only_of_its_own_changes(client, make_election, take_up):
    election = make_election(ALL, "us-senate-unexpired-term/county/all")
    title = "U.S. Senate (Partial/Unexpired Term) - Statewide Results"
    other = statewide({"Schiff": 1})
    other["raceTitle"] = title
    take_up(
        election, {ALL: [statewide({"Schiff": 1})], "us-senate-unexpired-term/county/all": [other]}
    )
    publish(election)
    path = poll_path(client, "/contests/us-senate-unexpired-term/")
    more_votes(election, take_up)
    response = client.get(path)
    assert b'card-us-senate"' not in response.content


def test_a_version_that_was_never_given_out_brings_the_whole_page(client, election):
    response = client.get(f"/live/overview/{live.current_version(election.pk) + 5}")
    assert '<div id="page" data-live hx-swap-oob="true">' in response.content.decode()


def test_a_new_contest_brings_the_whole_region(client, election):
    path = poll_path(client)
    Contest.objects.update(is_featured=True)
    publish(election)
    html = client.get(path).content.decode()
    assert '<div id="page" data-live hx-swap-oob="true">' in html
    assert "Races we are watching" in html


def test_a_switch_of_the_election_replaces_the_whole_page(client, election, make_election):
    path = poll_path(client)
    from datetime import date

    newer = make_election(ALL, kind="general", day=date(2026, 11, 3))
    live.forget(newer.pk)
    publish(newer)
    html = client.get(path).content.decode()
    assert '<div id="page" data-live hx-swap-oob="true">' in html


@pytest.mark.parametrize("path", ["/live/nowhere/5", "/live/contests/nothing/5"])
def test_a_poll_for_a_page_there_is_not_is_not_found(client, election, path):
    assert client.get(path).status_code == 404


def test_a_poll_can_only_be_read(client, election):
    response = client.post("/live/overview/5")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_a_poll_tells_how_old_the_last_check_of_the_feed_is(client, election):
    from datetime import timedelta

    from django.utils import timezone

    feed_state.note_check(feed_state.LastCheck(timezone.now() - timedelta(seconds=42)))
    pages.forget_state()
    assert 42 <= int(client.get(poll_path(client))["X-Feed-Age"]) < 60


def test_a_late_feed_is_said_to_be_late_without_scripts(client, election):
    from datetime import timedelta

    from django.utils import timezone

    feed_state.note_check(feed_state.LastCheck(timezone.now() - timedelta(hours=2)))
    pages.forget_state()
    html = client.get("/").content.decode()
    assert '<p class="late-banner" id="late-banner">' in html


def test_a_page_is_not_sent_again_while_it_is_the_same(client, election):
    etag = client.get("/")["ETag"]
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_pages_are_compressed(client, election, encoding):
    response = client.get("/", headers={"Accept-Encoding": encoding})
    assert response["Content-Encoding"] == encoding
    assert len(response.content) < len(client.get("/").content) / 2


def test_the_pages_are_built_from_the_database_when_redis_is_empty(client, election, empty_redis):
    empty_redis.flushdb()
    pages.forget_state()
    assert ">2,000<" in client.get("/").content.decode()


def test_the_pages_are_built_from_the_database_when_redis_is_away(client, election, monkeypatch):
    def away(*args, **kwargs):
        raise RedisConnectionError("refused")

    monkeypatch.setattr(pages, "state", away)
    monkeypatch.setattr(live, "fragments", away)
    assert ">2,000<" in client.get("/").content.decode()


def test_after_redis_was_lost_open_pages_take_up_everything(client, election, empty_redis):
    path = poll_path(client)
    empty_redis.flushdb()
    publish(election)
    assert client.get(path).status_code == 200


def test_no_page_may_load_anything_from_elsewhere(client, election):
    response = client.get("/")
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_a_notice_stands_on_every_page(client, election, settings):
    settings.SITE_NOTICE = "Replay of a night"
    assert "Replay of a night" in client.get("/").content.decode()


def test_the_process_says_that_it_lives_without_asking_anyone(
    client, django_assert_num_queries, db
):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readiness_tells_database_redis_and_the_feeds_age(client, election):
    from django.utils import timezone

    feed_state.note_check(feed_state.LastCheck(timezone.now()))
    told = client.get("/readyz").json()
    assert (told["status"], told["database"], told["redis"]) == ("ok", "ok", "ok")
    assert told["feed"]["status"] == "ok"
    assert told["feed"]["age_seconds"] < 60
    assert told["feed"]["reported_at"] == "2024-03-05T21:00:00-08:00"


def test_a_late_feed_leaves_the_service_ready(client, election):
    from datetime import timedelta

    from django.utils import timezone

    long_ago = timezone.now() - timedelta(seconds=settings.FEED_LATE_SECONDS + 60)
    feed_state.note_check(feed_state.LastCheck(long_ago))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["feed"]["status"] == "late"


def test_without_redis_the_service_is_not_ready(client, election, monkeypatch):
    def away():
        raise RedisConnectionError("refused")

    monkeypatch.setattr(feed_state, "last_check", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["redis"].startswith("unavailable")


def test_an_editors_change_waits_for_the_next_publication(
    election, empty_redis, django_capture_on_commit_callbacks
):
    contest = Contest.objects.get()
    contest.display_title = "The seat"
    with django_capture_on_commit_callbacks(execute=True):
        contest.save()
    publishing.publish_waiting(election.pk)
    assert "The seat" in live.fragments(election.pk, "en", ["card-us-senate"])["card-us-senate"]


def test_what_a_killed_publisher_left_is_taken_up(election, take_up, empty_redis):
    take_up(election, {ALL: [statewide({"Schiff": 7_777}, at=LATER)]})
    contest = Contest.objects.get()
    empty_redis.sadd(f"live:{election.pk}:in-work", contest.pk)
    publishing.publish_waiting(election.pk)
    assert "7,777" in live.fragments(election.pk, "en", ["card-us-senate"])["card-us-senate"]


def test_only_one_publisher_works_at_a_time(election, empty_redis):
    publishing.note_changes(election.pk, [publishing.EVERYTHING])
    lock = empty_redis.lock(f"live:{election.pk}:publisher", timeout=5)
    lock.acquire()
    publishing.publish_waiting(election.pk)
    assert empty_redis.exists(f"live:{election.pk}:waiting")


def test_the_election_that_readers_see_follows_the_switch(election, make_election, client):
    from datetime import date

    make_election("us-senate", kind="general", day=date(2026, 11, 3))
    assert Election.objects.get(is_current=True) != election
    publishing.publish_election_choice()
    pages.forget_state()
    assert "General Election" in client.get("/").content.decode()


def test_versions_nobody_was_given_share_one_answer(client, election, django_assert_num_queries):
    newest = live.current_version(election.pk)
    first = client.get(f"/live/overview/{newest + 5}").content
    with django_assert_num_queries(0):
        assert client.get(f"/live/overview/{newest + 6}").content == first
        assert client.get("/live/overview/3").content == first


def test_built_pages_never_take_more_than_their_share_of_memory():
    kept = answers.Kept(most_bytes=10_000)
    for n in range(100):
        kept.put(("page", n), answers.BuiltAnswer(b"x" * 1_500, "etag"))
    assert kept.get(("page", 99)) is not None
    assert kept.get(("page", 0)) is None
    assert sum(kept.get(("page", n)) is not None for n in range(100)) == 3


def test_a_card_on_the_page_is_not_sent_again_when_a_late_publication_stores_it(
    client, make_election, take_up
):
    house = "us-rep/district/all"
    title = "U.S. House of Representatives District 1 - Districtwide Results"
    election = make_election(ALL, house)
    take_up(election, {ALL: [statewide({"Schiff": 5})]})
    senate = Contest.objects.get()
    take_up(election, {house: [element(title, {"A": 1})]})
    # Two batches are taken up before the first of them is published.
    publishing.publish_election_choice()
    publishing.publish(election, [senate.pk])
    pages.forget_state()
    html = client.get("/").content.decode()
    assert "card-us-senate" in html
    assert "card-us-rep-district-1" not in html
    path = poll_path(client)
    publish(election)
    assert '<div id="page" data-live hx-swap-oob="true">' in client.get(path).content.decode()
