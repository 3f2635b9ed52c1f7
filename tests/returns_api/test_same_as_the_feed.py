"""Every endpoint of a recorded night, swept, kept and served again, byte for byte."""

from urllib.parse import quote

import pytest


def differing(get, recording, moment, suffix: str = "", *, every: int = 1) -> list[str]:
    return [
        endpoint.path
        for endpoint in recording.endpoints[::every]
        if get(endpoint.path + suffix).content != recording.body(endpoint.path, moment)
    ]


@pytest.mark.one_database
def test_every_endpoint_serves_the_recorded_bytes_all_through_the_night(
    march_2024, recording, sweep, get
):
    night = [moment for moment in recording.moments if moment <= recording.night_end]
    # Two early ones, between which counties report for the first time, and the last.
    early, following, late = night[4], night[5], night[-1]
    assert len(recording.endpoints) == 649
    # The first sweep learns of contests that the second asks for.
    sweep(march_2024, early)
    sweep(march_2024, early)
    sweep(march_2024, following)
    assert differing(get, recording, following) == []
    assert differing(get, recording, early, f"?at={quote(early.isoformat())}", every=5) == []
    sweep(march_2024, late)
    assert differing(get, recording, late) == []


def test_a_query_gives_the_same_as_the_endpoints_it_names(march_2024, recording, sweep, query):
    late = recording.night_end
    sweep(march_2024, late)
    sweep(march_2024, late)
    ids = ["10000000000159", "13000001000059", "10000000000145", "11000040000030"]

    assert query(*ids).content == recording.query(ids, late)
