from datetime import UTC, date, datetime

import pytest

from results.contest_list import load_contest_list, read_contest_list
from results.ingest import FetchedBody, ingest
from tests.bodies import body
from tests.feed_server import FeedServer

HOST = "https://api.sos.ca.gov/returns/"
AN_HOUR_IN = datetime(2024, 3, 6, 5, 0, tzinfo=UTC)


@pytest.fixture
def make_election(db):
    """An election of March 5, 2024 with these published endpoints."""

    def make(*paths: str, kind: str = "presidential_primary", day: date = date(2024, 3, 5), **more):
        text = "label,api_url\n" + "".join(f"x,{HOST}{path}\n" for path in paths)
        return load_contest_list(read_contest_list(text), day=day, kind=kind, **more)

    return make


@pytest.fixture
def take_up():
    """Ingest values as bodies of their paths, fetched at a moment of the night."""

    def ingest_values(election, values: dict, at: datetime = AN_HOUR_IN, feed_time=None):
        return ingest(
            election,
            [
                FetchedBody(path, value if isinstance(value, bytes) else body(value), at, feed_time)
                for path, value in values.items()
            ],
        )

    return ingest_values


@pytest.fixture
def feed_server():
    server = FeedServer()
    yield server
    server.stop()
