"""deploy/nginx.conf in a real nginx. What is kept keeps for a second: tests that must outlive it
wait for the next answer to differ, and no test relies on being quick but where it says KEEPS."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable

import pytest
import urllib3

from dashboard.embedded import free_port
from dashboard.supervisor import Supervisor
from tests.deploy.counting_server import CountingServer
from tests.deploy.nginx import nginx_command, start_nginx

pytestmark = pytest.mark.one_database

KEEPS = {"Cache-Control": "public, max-age=60"}
"""So long that no slow machine can let it run out within a test."""


@pytest.fixture
def upstream():
    server = CountingServer()
    yield server
    server.stop()


@pytest.fixture
def nginx(upstream, tmp_path):
    started = Supervisor(tmp_path, os.environ)
    yield start_nginx(started, tmp_path / "nginx", upstream.port)
    started.stop()


def get(url: str, method: str = "GET", **headers: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request(
        method, url, headers=headers, retries=False, redirect=False, decode_content=False
    )


def test_the_configuration_is_valid(tmp_path):
    command = nginx_command(tmp_path / "nginx", free_port(), 1)
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr
    assert "[emerg]" not in checked.stderr


def test_readers_of_one_address_share_one_answer(nginx, upstream):
    upstream.headers = KEEPS
    assert get(f"{nginx}/").data == get(f"{nginx}/").data
    assert upstream.times_asked("/") == 1


def test_an_answer_is_asked_for_again_when_its_second_is_over(nginx):
    first = get(f"{nginx}/").data
    get_until(f"{nginx}/", lambda answer: answer.data != first)


def test_polls_that_bring_nothing_are_shared_too(nginx, upstream):
    upstream.status, upstream.headers = 204, KEEPS
    answers = [get(f"{nginx}/live/overview/17") for _ in range(3)]
    assert [a.status for a in answers] == [204, 204, 204]
    assert [a.headers["X-Cache"] for a in answers] == ["MISS", "HIT", "HIT"]
    assert upstream.times_asked("/live/overview/17") == 1


def test_a_query_does_not_get_a_poll_past_the_cache(nginx, upstream):
    upstream.headers = KEEPS
    for n in range(5):
        get(f"{nginx}/live/overview/17?{n}")
    assert len([path for path, _ in upstream.asked if path.startswith("/live/")]) == 1


def test_readers_who_come_together_cost_one_request(nginx, upstream):
    upstream.headers = KEEPS
    upstream.gate.clear()
    readers = [threading.Thread(target=get, args=(f"{nginx}/",)) for _ in range(20)]
    for reader in readers:
        reader.start()
    while not upstream.times_asked("/"):
        time.sleep(0.01)
    upstream.gate.set()
    for reader in readers:
        reader.join()
    assert upstream.times_asked("/") == 1


def test_who_comes_while_an_answer_is_renewed_gets_the_one_before(nginx, upstream):
    first = get(f"{nginx}/").data
    upstream.gate.clear()
    renewing: list[bytes] = []
    renewals = []
    # Readers come until one of them finds the answer too old and waits for a new one.
    while upstream.times_asked("/") < 2:
        renewals.append(threading.Thread(target=lambda: renewing.append(get(f"{nginx}/").data)))
        renewals[-1].start()
        time.sleep(0.1)
    assert get(f"{nginx}/").data == first
    upstream.gate.set()
    for renewal in renewals:
        renewal.join()
    assert any(answer != first for answer in renewing)


def test_encodings_do_not_mix(nginx, upstream):
    upstream.headers = KEEPS
    answers = [
        get(f"{nginx}/", **{"Accept-Encoding": wanted}).data
        for wanted in ("gzip, deflate, br, zstd", "br", "gzip, deflate", "gzip", "identity")
    ]
    assert answers[0] == answers[1]
    assert answers[2] == answers[3]
    assert len(set(answers)) == 3
    asked = [headers.get("Accept-Encoding", "") for path, headers in upstream.asked if path == "/"]
    assert asked == ["br", "gzip", ""]


def test_languages_a_browser_would_like_do_not_tear_the_cache_apart(nginx, upstream):
    upstream.headers = {**KEEPS, "Vary": "Accept-Language"}
    for wanted in ("es-MX", "en-US,en;q=0.9", "de"):
        get(f"{nginx}/", **{"Accept-Language": wanted})
    assert upstream.times_asked("/") == 1


def test_partials_for_htmx_are_kept_apart_from_pages(nginx, upstream):
    upstream.headers = KEEPS
    page = get(f"{nginx}/contests/").data
    partial = get(f"{nginx}/contests/", **{"HX-Request": "true", "HX-Target": "list"}).data
    assert page != partial
    assert get(f"{nginx}/contests/").data == page


def test_https_readers_never_get_the_redirect_of_http_readers(nginx, upstream):
    upstream.headers = KEEPS
    over_http = get(f"{nginx}/").data
    over_https = get(f"{nginx}/", **{"X-Forwarded-Proto": "https"}).data
    assert over_http != over_https
    protocols = [h["X-Forwarded-Proto"] for path, h in upstream.asked if path == "/"]
    assert protocols == ["http", "https"]


def test_the_admin_is_never_kept(nginx, upstream):
    upstream.headers = KEEPS
    assert get(f"{nginx}/admin/").data != get(f"{nginx}/admin/").data


def test_an_answer_with_a_cookie_is_never_kept(nginx, upstream):
    upstream.headers = {**KEEPS, "Set-Cookie": "csrftoken=secret"}
    assert get(f"{nginx}/").data != get(f"{nginx}/").data


def test_staff_see_pages_as_they_are_now_and_leave_others_theirs(nginx, upstream):
    upstream.headers = KEEPS
    for_readers = get(f"{nginx}/").data
    for_staff = get(f"{nginx}/", Cookie="sessionid=abc").data
    assert for_staff != for_readers
    assert get(f"{nginx}/").data == for_readers


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_asked_of_the_web_process_every_time(nginx, upstream, path):
    upstream.headers = KEEPS
    assert get(f"{nginx}{path}").data != get(f"{nginx}{path}").data


def test_static_files_are_kept(nginx, upstream):
    upstream.headers = {"Cache-Control": "max-age=315360000, public, immutable"}
    first = get(f"{nginx}/static/css/site.0123456789ab.css")
    again = get(f"{nginx}/static/css/site.0123456789ab.css")
    assert again.headers["X-Cache"] == "HIT"
    assert again.data == first.data
    assert "immutable" in again.headers["Cache-Control"]


def get_until(url: str, wanted: Callable[[urllib3.BaseHTTPResponse], bool]):
    deadline = time.monotonic() + 30
    while not wanted(answer := get(url)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return answer


def test_a_page_is_still_served_when_the_web_processes_are_gone(nginx, upstream):
    first = get(f"{nginx}/")
    upstream.stop()
    stale = get_until(f"{nginx}/", lambda answer: answer.headers["X-Cache"] == "STALE")
    assert (stale.status, stale.data) == (200, first.data)


def test_a_poll_fails_when_the_web_processes_are_gone(nginx, upstream):
    get(f"{nginx}/live/overview/17")
    upstream.stop()
    get_until(f"{nginx}/live/overview/17", lambda answer: answer.status == 502)


def test_logins_are_limited(nginx, upstream):
    upstream.headers = {}
    answers = [get(f"{nginx}/admin/login/", "POST").status for _ in range(60)]
    assert answers[0] == 200
    assert 429 in answers


def test_a_large_upload_is_refused(nginx):
    answer = urllib3.request("POST", f"{nginx}/admin/", body=b"x" * 3_000_000, retries=False)
    assert answer.status == 413


@pytest.fixture
def site_behind_nginx(processes, live_site, tmp_path):
    return start_nginx(processes, tmp_path / "nginx", int(live_site.rpartition(":")[2]))


def test_pages_of_the_service_are_shared(site_behind_nginx):
    get(f"{site_behind_nginx}/")
    get_until(f"{site_behind_nginx}/", lambda answer: answer.headers["X-Cache"] == "HIT")


def test_polls_of_the_service_are_shared(site_behind_nginx):
    poll = re.search(rb'"(/live/overview/\d+)"', get(f"{site_behind_nginx}/").data)[1].decode()
    get(f"{site_behind_nginx}{poll}")
    shared = get_until(f"{site_behind_nginx}{poll}", lambda a: a.headers["X-Cache"] == "HIT")
    assert shared.status in (200, 204)


def test_static_files_of_the_service_keep_for_good(site_behind_nginx):
    style = re.search(rb'href="(/static/[^"]+\.css)"', get(f"{site_behind_nginx}/").data)[1]
    answer = get(f"{site_behind_nginx}{style.decode()}")
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_login_of_the_service_is_not_shared(site_behind_nginx):
    for _ in range(2):
        answer = get(f"{site_behind_nginx}/admin/login/")
        assert answer.status == 200
        assert "csrftoken" in answer.headers["Set-Cookie"]
        assert "X-Cache" not in answer.headers


def test_a_kept_answer_of_the_returns_goes_out_under_each_request_s_own_id(nginx, upstream):
    upstream.headers = {**KEEPS, "X-Request-ID": "of-the-first"}
    first, second = get(f"{nginx}/returns/us-senate"), get(f"{nginx}/returns/us-senate")

    assert upstream.times_asked("/returns/us-senate") == 1
    assert first.data == second.data
    ids = [answer.headers.getlist("X-Request-ID") for answer in (first, second)]
    assert all(len(one) == 1 for one in ids)
    assert ids[0] != ids[1]
    assert "of-the-first" not in (*ids[0], *ids[1])


def test_a_stream_of_changes_is_never_kept(nginx, upstream):
    upstream.headers = KEEPS
    path = "/returns/changes/stream"

    assert get(nginx + path).data != get(nginx + path).data
    assert get(f"{nginx}/returns/elections/a/changes/stream").status == 200
    assert upstream.times_asked(path) == 2
