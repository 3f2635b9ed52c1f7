import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from results.contest_list import load_contest_list, read_contest_list
from results.feed.paths import parse_path
from results.ingest import FetchedBody, ingest
from results.recordings.recording import Recording, load
from results.returns_api import versions
from results.signals import returns_changed
from results.sweeps import plan_for, requests_of_earlier_returns
from tests.results.conftest import make_election  # noqa: F401 - a fixture

MARCH_2024 = "2024-03-05-presidential-primary"
AN_HOUR_IN = datetime(2024, 3, 6, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def recording() -> Recording:
    return load(MARCH_2024)


@pytest.fixture
def march_2024(db, recording):
    """The election of the shipped recording, nothing of it received."""
    lines = [f"{e.label},https://api.sos.ca.gov/returns/{e.path}" for e in recording.endpoints]
    listed = read_contest_list("label,api_url\n" + "\n".join(lines))
    return load_contest_list(listed, day=recording.header.date, kind="presidential_primary")


@pytest.fixture
def take_up():
    """Ingest values as bodies of their paths, fetched at a moment, and tell who listens."""

    def ingest_values(election, values: dict, at: datetime = AN_HOUR_IN):
        bodies = [
            FetchedBody(
                path, value if isinstance(value, bytes) else json.dumps(value).encode(), at, at
            )
            for path, value in values.items()
        ]
        done = ingest(election, bodies)
        returns_changed.send(
            sender=None, election_id=election.pk, contest_ids=done.contests, areas=done.areas
        )
        versions.forget_state()
        return done

    return ingest_values


@pytest.fixture
def sweep(recording, take_up):
    """One sweep of what the recorded feed served at a moment."""

    def sweep_at(election, moment: datetime):
        bodies = {}
        for request in plan_for(election) + requests_of_earlier_returns(election):
            asked = parse_path(request.path)
            bodies[request.path] = (
                recording.query(asked.ids, moment)
                if asked.office == "query"
                else recording.body(request.path, moment)
            )
        return take_up(election, bodies, moment)

    return sweep_at


@pytest.fixture
def get(client):
    """GET below /returns/: the answer."""

    def get_below(path: str, **more):
        return client.get(f"/returns/{path}", **more)

    return get_below


@pytest.fixture
def query(get):
    """The answer to a query for these ids."""

    def ask(*ids: str):
        return get(f"query?r={quote(json.dumps(ids))}")

    return ask
