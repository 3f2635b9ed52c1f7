import csv
import gzip
import http.client
import json
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

import pytest

from results.contest_list import election_date, election_kind, read_contest_list
from results.feed.parse import parse_body
from results.recordings.recording import Recording
from results.recordings.replay_server import LEAD_SECONDS, ReplayServer, Trouble

SENATE_IDS = ("10000000000145", "10000000000159")
"""Shasta's, then the state's."""


@pytest.fixture
def replay(shipped):
    """A replay whose clock stands at its start."""
    with ReplayServer(shipped, speed=60) as server:
        server.clock.pause()
        yield server


@pytest.fixture
def connection(replay):
    """A kept-alive connection."""
    opened = http.client.HTTPConnection(urlsplit(replay.url).netloc, timeout=10)
    yield opened
    opened.close()


@pytest.fixture
def get(connection):
    """Ask for a path: the status, headers and body of the answer."""

    def ask(path: str, method: str = "GET", **headers: str):
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    return ask


def query(*ids: str) -> str:
    return f"/returns/query?r={quote(json.dumps(ids))}"


def test_it_begins_shortly_before_the_first_votes(shipped: Recording):
    server = ReplayServer(shipped, speed=60)
    server.clock.pause()
    first_votes = shipped.first_votes
    assert first_votes is not None

    ahead = (first_votes - server.clock.now()).total_seconds()

    server.stop()
    assert LEAD_SECONDS * 60 - 60 < ahead <= LEAD_SECONDS * 60


def test_it_begins_where_it_is_told(shipped: Recording):
    start = shipped.moments[7]
    server = ReplayServer(shipped, 0.001, start)
    server.clock.pause()

    assert 0 <= (server.clock.now() - start).total_seconds() < 1
    server.stop()


def test_it_serves_the_body_of_the_moment(replay, get, shipped):
    for run in (3, 20, 144):
        replay.clock.jump(shipped.moments[run])

        status, headers, body = get("/returns/us-senate/county/all")

        assert status == 200
        assert headers["Content-Type"] == "application/json"
        assert body == shipped.body("us-senate/county/all", shipped.moments[run])


def test_before_the_first_moment_it_serves_the_first(replay, get, shipped):
    replay.clock.jump(datetime(2024, 3, 5, 12, 0, tzinfo=UTC))

    assert get("/returns/us-senate")[2] == shipped.body("us-senate", shipped.moments[0])


def test_its_date_is_the_replayed_moment(replay, get, shipped):
    replay.clock.jump(shipped.moments[20])

    _, headers, _ = get("/returns/us-senate")

    assert parsedate_to_datetime(headers["Date"]) == shipped.moments[20]


def test_it_says_that_it_is_a_replay(get):
    _, headers, _ = get("/returns/us-senate")

    assert headers["X-Replay"] == "2024-03-05-presidential-primary; speed=60"


def test_one_connection_serves_many_requests(get, connection):
    get("/returns/us-senate")
    socket = connection.sock

    get("/returns/nothing")
    get("/healthz")

    assert connection.sock is socket


def test_a_trailing_slash_does_not_matter(get):
    assert get("/returns/us-senate/")[2] == get("/returns/us-senate")[2]


def test_other_parameters_do_not_matter(get):
    assert get("/returns/us-senate?_=17")[2] == get("/returns/us-senate")[2]


def test_csv_is_the_body_as_a_table(get):
    status, _, body = get("/returns/us-senate?f=csv")
    names = {row["name"] for row in csv.DictReader(body.decode().splitlines())}

    assert status == 200
    candidates = json.loads(get("/returns/us-senate")[2])["candidates"]
    assert names == {candidate["Name"] for candidate in candidates}


def test_a_query_answers_in_the_order_asked(replay, get, shipped):
    replay.clock.jump(shipped.moments[20])

    _, _, body = get(query(*SENATE_IDS))

    assert [element["raceTitle"] for element in json.loads(body)] == [
        "U.S. Senate (Full Term) - Shasta County Results",
        "U.S. Senate (Full Term) - Statewide Results",
    ]


def test_a_query_may_ask_for_ten(get):
    status, _, body = get(query(*[f"100000000001{county:02d}" for county in range(1, 11)]))

    assert (status, len(json.loads(body))) == (200, 10)


def test_a_query_for_eleven_is_a_500(get):
    status, _, body = get(query(*[f"100000000001{county:02d}" for county in range(1, 12)]))

    assert (status, list(json.loads(body))) == (500, ["message"])


@pytest.mark.parametrize(
    "address",
    [
        "/returns/query",
        "/returns/query?r=",
        "/returns/query?r=%5B%5D",
        "/returns/query?r=10000000000159",
        "/returns/query?r=%5B10000000000159%5D",
        "/returns/query?r=%5B%221000000000159%22%5D",
        "/returns/query?r=%7B%7D",
        "/returns/query?r=%5B%22",
        "/returns/query?r=" + "%5B" * 2000,
    ],
)
def test_a_malformed_query_is_a_400(get, address):
    status, _, body = get(address)

    assert (status, list(json.loads(body))) == (400, ["message"])


def test_a_query_for_no_contest_is_a_404(get):
    status, _, body = get(query("02000000000059"))

    assert (status, json.loads(body)) == (404, {"message": "There is no contest 02000000000059."})


@pytest.mark.parametrize(
    "address", ["/returns/governor", "/returns/mayor", "/returns/", "/returns", "/elsewhere"]
)
def test_an_unknown_address_is_a_404(get, address):
    status, headers, body = get(address)

    assert status == 404
    assert headers["Content-Type"] == "application/json"
    assert list(json.loads(body)) == ["message"]


def test_status_tells_how_far_each_county_is(replay, get, shipped):
    replay.clock.jump(shipped.moments[1])

    _, _, body = get("/returns/status")

    statuses = {one.county: one for one in parse_body("status", body).statuses}
    assert len(statuses) == 59
    assert (statuses[59].precincts_reporting, statuses[59].precincts_total) == (216, 20_855)
    napa = json.loads(body)["napa"]
    assert napa == {
        "county": 28,
        "reportType": "",
        "precinctsReporting": "200",
        "precinctsTotal": "200",
        "precinctsReportingPercent": "100.0",
        "voterTurnout": "",
        "totalRegisteredVoters": "",
        "voterTurnoutPercentage": "",
        "countyName": "Napa",
        "timestamp": "March 5, 2024, 8:02 p.m.",
    }


def test_the_status_of_a_county_without_a_report_has_no_time(replay, get, shipped):
    replay.clock.jump(shipped.moments[1])

    assert json.loads(get("/returns/status/primary")[2])["kern"]["timestamp"] == ""


def test_the_status_of_another_kind_of_election_is_a_404(get):
    assert get("/returns/status/general")[0] == 404


def test_its_endpoints_are_listed_with_labels_and_its_own_address(get, replay):
    status, headers, body = get("/returns/endpoints.csv")

    lines = body.decode().splitlines()
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert lines[0] == "label,api_url"
    assert lines[1] == (f"president-democrat,{replay.url}/returns/president/party/democratic")
    assert len(lines) == 650


@pytest.mark.parametrize("name", ["endpoints.csv", "api-endpoints.csv"])
def test_its_lists_can_be_loaded_as_a_contest_list(get, shipped, name):
    contest_list = read_contest_list(get(f"/returns/{name}")[2].decode())

    assert list(contest_list.paths) == [endpoint.path for endpoint in shipped.endpoints]
    assert election_kind(contest_list) == "presidential_primary"


def test_its_published_list_tells_the_day_of_the_election(get):
    contest_list = read_contest_list(get("/returns/api-endpoints.csv")[2].decode())

    assert election_date(contest_list, "") == date(2024, 3, 5)


def test_it_compresses_when_asked(get):
    plain = get("/returns/us-senate")[2]

    _, headers, body = get("/returns/us-senate", **{"Accept-Encoding": "gzip, br"})

    assert headers["Content-Encoding"] == "gzip"
    assert int(headers["Content-Length"]) == len(body) < len(plain)
    assert gzip.decompress(body) == plain


def test_a_compressed_body_changes_with_the_night(replay, get, shipped):
    get("/returns/us-senate", **{"Accept-Encoding": "gzip"})
    replay.clock.jump(shipped.moments[30])

    _, _, body = get("/returns/us-senate", **{"Accept-Encoding": "gzip"})

    assert gzip.decompress(body) == shipped.body("us-senate", shipped.moments[30])


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br"])
def test_it_does_not_compress_when_not_asked(get, accepted):
    _, headers, _ = get("/returns/us-senate", **{"Accept-Encoding": accepted})

    assert "Content-Encoding" not in headers


def test_head_has_the_headers_alone(get):
    _, expected, full = get("/returns/us-senate")

    status, headers, body = get("/returns/us-senate", "HEAD")

    assert (status, body) == (200, b"")
    assert headers["Content-Length"] == expected["Content-Length"] == str(len(full))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(get, method):
    status, headers, body = get("/returns/us-senate", method)

    assert (status, headers["Allow"]) == (405, "GET, HEAD")
    assert list(json.loads(body)) == ["message"]


def test_it_says_that_it_lives(get):
    assert get("/healthz")[0] == 200


def test_it_says_what_it_is(get):
    _, headers, body = get("/")

    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Presidential Primary Election, March 5, 2024" in body.decode()
    assert "California Secretary of State" in body.decode()


def test_it_counts_requests_by_path(replay, get):
    get("/returns/us-senate")
    get("/returns/us-senate/")
    get("/healthz")

    assert replay.requests == {"us-senate": 2}


# Troubles -------------------------------------------------------------------------------------


def test_a_trouble_answers_with_its_status(replay, get):
    replay.troubles["us-senate"] = Trouble(status=503, headers={"Retry-After": "7"})

    status, headers, body = get("/returns/us-senate")

    assert (status, headers["Retry-After"], list(json.loads(body))) == (503, "7", ["message"])
    assert get("/returns/us-senate/county/all")[0] == 200


def test_a_trouble_lasts_for_its_times(replay, get):
    replay.troubles["us-senate"] = Trouble(status=500, times=2)

    assert [get("/returns/us-senate")[0] for _ in range(3)] == [500, 500, 200]


def test_a_trouble_gives_another_body(replay, get):
    replay.troubles["us-senate"] = Trouble(body=b"<html>")

    assert get("/returns/us-senate")[::2] == (200, b"<html>")


def test_a_trouble_of_queries_is_for_every_query(replay, get):
    replay.troubles["query"] = Trouble(status=500)

    assert get(query(*SENATE_IDS))[0] == 500
    assert get("/returns/us-senate")[0] == 200


def test_a_trouble_of_everything_spares_the_health_check(replay, get):
    replay.troubles["*"] = Trouble(status=502)

    assert get("/returns/us-senate")[0] == 502
    assert get("/healthz")[0] == 200


def test_a_trouble_drops_the_connection(replay, get):
    replay.troubles["us-senate"] = Trouble(drop=True)

    with pytest.raises(http.client.RemoteDisconnected):
        get("/returns/us-senate")


def test_a_trouble_cuts_the_body_short(replay, get):
    replay.troubles["us-senate"] = Trouble(cut=100)

    with pytest.raises(http.client.IncompleteRead) as raised:
        get("/returns/us-senate")

    assert len(raised.value.partial) == 100


def test_stopping_does_not_wait_for_a_delayed_answer(shipped):
    server = ReplayServer(shipped)
    server.start()
    server.troubles["us-senate"] = Trouble(delay=3600)
    waiting = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    waiting.request("GET", "/returns/us-senate")

    server.stop()

    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        waiting.getresponse()
    waiting.close()


def test_stopped_it_frees_its_port(shipped):
    server = ReplayServer(shipped)
    server.start()
    port = int(server.url.rpartition(":")[2])
    server.stop()

    with ReplayServer(shipped, port=port) as again:
        assert again.url == server.url
