import socket
from datetime import UTC, datetime

import pytest

from results.feed.client import FeedClient, Validators
from tests.feed_server import Answer, FeedServer


@pytest.fixture
def feed_server():
    server = FeedServer()
    yield server
    server.stop()


def client_of(server: FeedServer, **more) -> FeedClient:
    return FeedClient(server.url, **{"timeout": 2.0, "backoff": 0.01, **more})


def test_a_body_comes_as_it_was_served(feed_server):
    feed_server.serve("us-senate", b'{"a": 1}')
    fetched = client_of(feed_server).fetch("us-senate")
    assert (fetched.status, fetched.body, fetched.error) == (200, b'{"a": 1}', "")


def test_connections_are_kept_alive(feed_server):
    feed_server.serve("us-senate", b"{}")
    client = client_of(feed_server, concurrency=1)
    client.fetch_all(["us-senate"] * 10)
    assert feed_server.connections == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again(feed_server, status):
    feed_server.answers["us-senate"] = [Answer(b"busy", status), Answer(b"{}")]
    fetched = client_of(feed_server).fetch("us-senate")
    assert fetched.ok
    assert feed_server.asked["us-senate"] == 2


def test_a_lasting_fault_is_told_after_the_last_attempt(feed_server):
    feed_server.serve("us-senate", b"", 500)
    fetched = client_of(feed_server, attempts=3).fetch("us-senate")
    assert fetched.error.startswith("HTTP 500")
    assert feed_server.asked["us-senate"] == 3


def test_not_found_is_not_tried_again(feed_server):
    fetched = client_of(feed_server).fetch("nothing")
    assert fetched.error == "HTTP 404 Not Found"
    assert feed_server.asked["nothing"] == 1


def test_retry_after_is_waited_for(feed_server):
    feed_server.answers["us-senate"] = [
        Answer(b"", 503, headers={"Retry-After": "1"}),
        Answer(b"{}"),
    ]
    fetched = client_of(feed_server).fetch("us-senate")
    assert fetched.ok
    assert fetched.milliseconds >= 1000


def test_a_slow_answer_is_given_up_in_words(feed_server):
    feed_server.serve("us-senate", b"{}", delay=1.0)
    fetched = client_of(feed_server, timeout=0.1, attempts=1).fetch("us-senate")
    assert fetched.status is None
    assert "timed out" in fetched.error


def test_a_refused_connection_is_told_in_words():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    client = FeedClient(f"http://127.0.0.1:{port}", attempts=1)
    assert "refused" in client.fetch("us-senate").error


@pytest.mark.parametrize("answer", [Answer(b"{}", drop=True), Answer(b'{"a": 12345}', cut_to=4)])
def test_a_broken_answer_is_told_and_not_taken(feed_server, answer):
    feed_server.answers["us-senate"] = answer
    fetched = client_of(feed_server, attempts=1).fetch("us-senate")
    assert fetched.error
    assert fetched.body == b""


def test_one_failure_leaves_the_others(feed_server):
    feed_server.serve("a", b"1")
    feed_server.serve("b", b"", 500)
    feed_server.serve("c", b"3")
    fetched = client_of(feed_server, attempts=1).fetch_all(["a", "b", "c"])
    assert [f.ok for f in fetched] == [True, False, True]


def test_validators_are_given_back_and_an_unchanged_body_is_not_sent(feed_server):
    feed_server.serve("us-senate", b"{}", headers={"ETag": '"v1"'})
    client = client_of(feed_server)
    first = client.fetch("us-senate")
    assert first.validators == Validators(etag='"v1"')
    second = client.fetch("us-senate", first.validators)
    assert second.not_modified
    assert second.ok


def test_the_feeds_clock_is_read_from_its_date(feed_server):
    feed_server.serve("us-senate", b"{}", headers={"Date": "Wed, 06 Mar 2024 05:00:00 GMT"})
    fetched = client_of(feed_server).fetch("us-senate")
    assert fetched.feed_time == datetime(2024, 3, 6, 5, tzinfo=UTC)


def test_what_is_not_begun_in_time_fails_without_being_asked(feed_server):
    feed_server.serve("a", b"{}", delay=0.3)
    client = client_of(feed_server, concurrency=1)
    fetched = client.fetch_all(["a", "b"], seconds=0.1)
    assert "not asked" in fetched[1].error
    assert feed_server.asked["b"] == 0
