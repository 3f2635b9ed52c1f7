"""What changed since a version, asked and streamed."""

import json

import pytest
import urllib3

from results.returns_api import versions
from tests.bodies import LATER, in_county, statewide

ALL = "us-senate/county/all"


@pytest.fixture
def senate(make_election, take_up):
    election = make_election(ALL)
    take_up(
        election,
        {
            ALL: [
                statewide({"Schiff": 3}),
                in_county("Alameda", {"Schiff": 1}),
                in_county("Lake", {"Schiff": 2}),
            ]
        },
    )
    return election


def lake_reports(election, take_up, votes: int = 4) -> None:
    rows = [statewide({"Schiff": 1 + votes}, at=LATER), in_county("Alameda", {"Schiff": 1})]
    take_up(election, {ALL: [*rows, in_county("Lake", {"Schiff": votes}, at=LATER)]})


def test_a_client_without_a_version_reads_everything(senate, get):
    told = get("changes").json()

    assert told["everything"] is True
    assert told["election"] == senate.slug


def test_what_changed_since_a_version_is_named_with_its_address(senate, take_up, get):
    version = get("changes").json()["version"]
    lake_reports(senate, take_up)
    told = get(f"changes?since={version}").json()

    assert told["everything"] is False
    assert told["version"] > version
    assert told["changes"] == [
        {
            "contest": "us-senate",
            "area": "whole",
            "id": "10000000000159",
            "returns": "/returns/us-senate",
        },
        {
            "contest": "us-senate",
            "area": "lake",
            "id": "10000000000117",
            "returns": "/returns/us-senate/county/lake",
        },
    ]
    assert get("us-senate/county/lake").json()[0]["candidates"][0]["Votes"] == "4"


def test_nothing_is_told_to_who_has_the_newest(senate, get):
    version = get("changes").json()["version"]

    assert get(f"changes?since={version}").json()["changes"] == []


def test_after_redis_is_lost_everything_is_read_anew(senate, take_up, get, empty_redis):
    version = get("changes").json()["version"]
    empty_redis.flushdb()
    versions.forget_state()
    told = get(f"changes?since={version}").json()

    assert told["everything"] is True
    assert told["version"] > version


def test_a_version_from_the_future_is_unknown(senate, get):
    assert get(f"changes?since={10**17}").json()["everything"] is True


def test_a_hidden_contest_is_not_told_of(senate, take_up, get):
    version = get("changes").json()["version"]
    contest = senate.contests.get()
    contest.is_published = False
    contest.save()
    lake_reports(senate, take_up)

    assert get(f"changes?since={version}").json()["changes"] == []


def test_the_changes_of_another_election_are_not_told(senate, make_election, take_up, get):
    version = get("changes").json()["version"]
    make_election("governor", kind="general", day=senate.date.replace(year=2026))
    versions.forget_state()
    lake_reports(senate, take_up)

    assert get(f"changes?since={version}").json()["changes"] == []
    past = get(f"elections/{senate.slug}/changes?since={version}").json()
    assert past["changes"][1]["returns"] == (
        f"/returns/elections/{senate.slug}/us-senate/county/lake"
    )


def events(response):
    """The data of server-sent events, as they come."""
    text = ""
    for chunk in response.stream(1):
        text += chunk.decode()
        while "\n\n" in text:
            event, _, text = text.partition("\n\n")
            for line in event.splitlines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))


@pytest.fixture
def stream(live_server):
    """Opens a stream of changes on a real server."""
    pool = urllib3.PoolManager()

    def open_stream(path: str, **headers: str):
        return pool.request(
            "GET", f"{live_server.url}/returns/{path}", headers=headers, preload_content=False
        )

    yield open_stream
    pool.clear()


def test_a_stream_tells_a_change_as_it_comes(senate, take_up, get, stream, settings):
    version = get("changes").json()["version"]
    opened = stream(f"changes/stream?since={version}")
    told = events(opened)
    lake_reports(senate, take_up)

    assert opened.headers["Content-Type"] == "text/event-stream"
    assert [change["area"] for change in next(told)["changes"]] == ["whole", "lake"]
    lake_reports(senate, take_up, votes=9)
    assert next(told)["version"] > version
    opened.close()


def test_a_stream_that_was_cut_off_goes_on_where_it_was(senate, take_up, get, stream):
    version = get("changes").json()["version"]
    lake_reports(senate, take_up)
    opened = stream("changes/stream?since=1", **{"Last-Event-ID": str(version)})

    assert next(events(opened))["since"] == version
    opened.close()
