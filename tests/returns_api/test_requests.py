"""What is refused, with which status, in which words."""

import json
from urllib.parse import quote

import pytest

from tests.bodies import in_county, statewide

ALL = "us-senate/county/all"
SENATE = "10000000000159"


@pytest.fixture(autouse=True)
def senate(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 3}), in_county("Lake", {"Schiff": 3})]})
    return election


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "us-senate/county/atlantis",
        "us-rep/district/99",
        "us-rep/district/1",
        "governor",
        "us-senate/party/green",
        "president/party/whig",
        "maps/voter-turnout",
        "status/general",
        "elections/none/us-senate",
        "changes/elsewhere",
    ],
)
def test_what_there_is_not_is_a_404_in_json(get, path):
    response = get(path)

    assert response.status_code == 404
    assert response.json()["message"]


@pytest.mark.parametrize(
    ("r", "named"),
    [
        ("us-senate", "us-senate"),
        ("{}", "{}"),
        ("[]", "no contest ids"),
        ('["010003000000059"]', "010003000000059"),
        (f'["{SENATE}","123"]', "123"),
        (f"[{SENATE}]", SENATE),
        ('["99999999999959"]', "99999999999959"),
        ('["10000000000160"]', "10000000000160"),
        ("[null]", "None"),
        ("[" * 20_000, "not JSON"),
    ],
)
def test_a_malformed_query_is_a_400_that_names_what_is_wrong(get, r, named):
    response = get(f"query?r={quote(r)}")

    assert response.status_code == 400
    assert named in response.json()["message"]


def test_a_query_without_ids_is_a_400(get):
    assert get("query").status_code == 400


def test_ten_ids_are_answered_and_eleven_are_the_documented_500(query):
    assert len(query(*[SENATE] * 10).json()) == 10
    refused = query(*[SENATE] * 11)

    assert refused.status_code == 500
    assert "10 at most" in refused.json()["message"]


def test_an_id_of_a_contest_that_is_not_held_is_a_404_that_names_it(query):
    refused = query(SENATE, "02000000000059")

    assert refused.status_code == 404
    assert "02000000000059" in refused.json()["message"]


def test_a_query_has_no_csv(get):
    response = get(f"query?r={quote(json.dumps([SENATE]))}&f=csv")

    assert response.status_code == 400


@pytest.mark.parametrize("f", ["json", "xml", "", "CSV"])
def test_other_formats_are_a_400(get, f):
    assert get(f"us-senate?f={f}").status_code == 400


@pytest.mark.parametrize("at", ["yesterday", "", "2024-02-30", "21:00"])
def test_a_moment_that_is_none_is_a_400(get, at):
    assert get(f"us-senate?at={quote(at)}").status_code == 400


@pytest.mark.parametrize(
    "at",
    [
        "2024-03-05T21:00:00-08:00",
        "2024-03-06T05:00:00Z",
        "2024-03-06T05:00:00+00:00",
        "2024-03-06T05:00:00%2B00:00",
        "2024-03-05 21:00",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
    ],
)
def test_a_moment_may_be_written_as_iso_8601_has_it(get, at):
    assert get(f"us-senate?at={at}").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_the_returns_can_only_be_read(client, method):
    response = getattr(client, method)("/returns/us-senate")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_unknown_parameters_are_passed_over(get):
    assert get("us-senate?_=1709700000").status_code == 200
