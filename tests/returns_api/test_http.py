"""The returns API as HTTP: caching, compression, other sites, fair use."""

import gzip

import brotli
import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from results.returns_api import fair_use, versions
from tests.bodies import LATER, in_county, statewide

ALL = "us-senate/county/all"


@pytest.fixture(autouse=True)
def senate(make_election, take_up):
    election = make_election(ALL)
    rows = [in_county("Lake", {f"Candidate {n}": n for n in range(40)})]
    take_up(election, {ALL: [statewide({"Schiff": 3}), *rows]})
    return election


@pytest.fixture
def limited(settings):
    """At most three requests a minute, loopback's too."""
    settings.RETURNS_RATE, settings.RETURNS_RATE_EXEMPT = "3/minute", ()
    fair_use._limit.cache_clear()
    yield
    fair_use._limit.cache_clear()


def test_a_page_of_any_site_may_read_it(get):
    assert get("us-senate").headers["Access-Control-Allow-Origin"] == "*"
    assert get("nothing").headers["Access-Control-Allow-Origin"] == "*"


def test_a_browser_may_ask_conditionally_from_another_site(client):
    response = client.options(
        "/returns/us-senate", HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET", HTTP_ORIGIN="https://x.org"
    )

    assert response.status_code == 204
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


def test_what_a_client_holds_is_not_sent_again(get):
    first = get(ALL)
    again = get(ALL, HTTP_IF_NONE_MATCH=first.headers["ETag"])

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_new_report_has_a_new_etag_and_others_keep_theirs(senate, take_up, get):
    lake, alameda = get("us-senate/county/lake"), get("us-senate")
    take_up(senate, {ALL: [statewide({"Schiff": 5}, at=LATER)]})

    assert get("us-senate").headers["ETag"] != alameda.headers["ETag"]
    assert get("us-senate", HTTP_IF_NONE_MATCH=alameda.headers["ETag"]).status_code == 200
    assert get("us-senate/county/lake").headers["ETag"] != lake.headers["ETag"]
    assert get("status/primary", HTTP_IF_NONE_MATCH="*").status_code == 304


def test_a_client_that_goes_by_time_is_told_that_nothing_changed(empty_redis, get):
    empty_redis.set("returns:changed-at", "1709700000")
    versions.forget_state()
    first = get("us-senate")

    assert first.headers["Last-Modified"] == "Wed, 06 Mar 2024 04:40:00 GMT"
    again = get("us-senate", HTTP_IF_MODIFIED_SINCE=first.headers["Last-Modified"])
    assert again.status_code == 304
    earlier = get("us-senate", HTTP_IF_MODIFIED_SINCE="Wed, 06 Mar 2024 04:39:59 GMT")
    assert earlier.status_code == 200


def test_answers_come_compressed_to_whom_takes_them(get):
    plain = get(ALL).content

    assert gzip.decompress(get(ALL, HTTP_ACCEPT_ENCODING="gzip").content) == plain
    assert brotli.decompress(get(ALL, HTTP_ACCEPT_ENCODING="gzip, br").content) == plain


def test_head_has_the_headers_and_no_body(client, get):
    response = client.head("/returns/us-senate")

    assert response.content == b""
    assert response.headers["Content-Length"] == str(len(get("us-senate").content))
    assert response.headers["ETag"]


def test_a_request_has_an_id_which_a_client_may_give(get):
    assert get("us-senate", HTTP_X_REQUEST_ID="my-id.1").headers["X-Request-ID"] == "my-id.1"
    assert get("us-senate", HTTP_X_REQUEST_ID="<bad>").headers["X-Request-ID"] != "<bad>"
    assert len(get("us-senate").headers["X-Request-ID"]) == 32


def test_every_answer_links_to_what_describes_the_api(get):
    assert 'rel="service-desc"' in get("us-senate").headers["Link"]


def test_nothing_is_asked_of_the_database_while_nothing_changes(get, django_assert_num_queries):
    paths = [ALL, "us-senate", "status", "us-senate?f=csv", "elections", "nothing", "governor"]
    before = [get(path).content for path in paths]
    with django_assert_num_queries(0):
        assert [get(path).content for path in paths] == before


def test_without_redis_the_database_answers(get, monkeypatch):
    expected = get("us-senate").content

    def refuse():
        raise RedisConnectionError("refused")

    monkeypatch.setattr(versions, "redis_store", refuse)
    versions.forget_state()
    assert get("us-senate").content == expected


def test_plain_http_is_sent_on_to_https_where_there_is_https(get, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = get("us-senate?f=csv")

    assert response.status_code == 301
    assert response.headers["Location"] == "https://testserver/returns/us-senate?f=csv"


def test_who_asks_too_often_is_told_how_long_to_wait(get, limited):
    assert [get("us-senate").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = get("us-senate")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "/returns/changes" in refused.json()["message"]


def test_addresses_are_counted_apart_behind_a_proxy_of_ours(get, limited, settings):
    settings.TRUSTED_PROXIES = ("127.0.0.0/8",)
    for _ in range(3):
        get("us-senate", HTTP_X_FORWARDED_FOR="203.0.113.1")

    assert get("us-senate", HTTP_X_FORWARDED_FOR="203.0.113.1").status_code == 429
    assert get("us-senate", HTTP_X_FORWARDED_FOR="203.0.113.2").status_code == 200


def test_what_a_client_says_of_itself_is_not_believed(get, limited):
    for n in range(3):
        get("us-senate", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")

    assert get("us-senate", HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 429


def test_listed_networks_ask_as_often_as_they_like(get, limited, settings):
    settings.RETURNS_RATE_EXEMPT = ("127.0.0.0/8",)

    assert {get("us-senate").status_code for _ in range(5)} == {200}
