"""The API against its own description."""

import csv
import io

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from results.contest_list import read_contest_list
from results.returns_api import openapi

pytestmark = pytest.mark.one_database

schema = schemathesis.openapi.from_dict(openapi.description("http://testserver"))
# A stream waits for changes that do not come.
OPERATIONS = [
    operation
    for operation in (found.ok() for found in schema.get_all_operations())
    if operation.path != "/returns/changes/stream"
]


@pytest.fixture
def mid_night(march_2024, recording, sweep):
    moment = recording.moments[8]
    sweep(march_2024, moment)
    sweep(march_2024, moment)
    return march_2024


def test_no_answer_breaks_the_description(live_server, mid_night):
    strategies = [operation.as_strategy() for operation in OPERATIONS]

    @given(data=st.data())
    @settings(max_examples=200, suppress_health_check=list(HealthCheck))
    def check(data):
        case = data.draw(data.draw(st.sampled_from(strategies)))
        case.call_and_validate(base_url=live_server.url)

    check()


def test_the_description_is_served(client, db):
    served = client.get("/returns/openapi.json").json()

    assert served["openapi"].startswith("3.1")
    assert served["servers"] == [{"url": "http://testserver"}]


def test_the_list_of_endpoints_can_be_loaded_as_the_published_one(mid_night, get):
    listed = read_contest_list(get("endpoints.csv").content.decode())

    assert listed.skipped == ()
    assert "March 5, 2024" in listed.title
    published = set(mid_night.endpoints.values_list("path", flat=True))
    assert published <= set(listed.paths)


def test_every_listed_endpoint_answers(mid_night, client, get):
    lines = get("endpoints.csv").content.decode().splitlines()[2:]
    addresses = [row[0] for row in csv.reader(io.StringIO("\n".join(lines))) if row]
    paths = [line.removeprefix("http://testserver") for line in lines if line]

    assert len(addresses) == len(paths)
    assert [path for path in paths if client.get(path).status_code != 200] == []
