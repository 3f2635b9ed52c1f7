import json
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.feed.contest_ids import contest_id
from results.feed.facts import WHOLE, Area, ContestKey
from results.feed.plan import QUERY_LIMIT, PlannedRequest, batches, plan_sweep

HOUSE = [(ContestKey("us-rep", district=n), WHOLE) for n in range(1, 53)]
SENATE = ContestKey("us-senate")
ALL_COUNTIES = [Area.county(n) for n in range(1, 59)]


def ids_asked(request: PlannedRequest) -> list[str]:
    return json.loads(unquote(request.path.partition("?r=")[2]))


def test_a_list_of_counties_brings_the_state_and_all_counties():
    wanted = [(SENATE, area) for area in [WHOLE, *ALL_COUNTIES]]
    (only,) = plan_sweep(wanted, {"us-senate", "us-senate/county/all"})
    assert (only.path, only.weight) == ("us-senate/county/all", 59)


def test_a_list_of_districts_brings_each_whole_district():
    published = {"us-rep/district/all", *(f"us-rep/district/{n}" for n in range(1, 53))}
    (only,) = plan_sweep(HOUSE, published)
    assert only.path == "us-rep/district/all"


def test_counties_of_districts_are_asked_ten_to_a_query():
    key = ContestKey("us-rep", district=4)
    wanted = [(key, Area.county(n)) for n in range(1, 26)]
    requests = plan_sweep(wanted, {f"us-rep/district/4/county/{s}" for s in ("lake", "napa")})
    assert [len(ids_asked(r)) for r in requests] == [10, 10, 5]


def test_a_single_leftover_is_asked_by_its_own_address():
    (only,) = plan_sweep([(ContestKey("us-rep", district=4), WHOLE)], {"us-rep/district/4"})
    assert only == PlannedRequest("us-rep/district/4")


def test_a_query_falls_back_to_published_addresses():
    wanted = [
        (ContestKey("ballot-measures", measure="1"), Area.county(17)),
        (ContestKey("us-rep", district=4), Area.county(17)),
    ]
    (only,) = plan_sweep(wanted, {"ballot-measures/county/lake", "us-rep/district/4/county/lake"})
    assert set(only.fallback) == {"ballot-measures/county/lake", "us-rep/district/4/county/lake"}


def test_one_measure_by_county_needs_six_queries():
    measure = ContestKey("ballot-measures", measure="1")
    wanted = [(measure, area) for area in ALL_COUNTIES]
    requests = plan_sweep(wanted, {f"ballot-measures/county/{n}" for n in ("lake", "napa")})
    assert len(requests) == 6


def test_many_measures_are_asked_county_by_county():
    from results.feed.counties import COUNTIES

    published = {f"ballot-measures/county/{county.slug}" for county in COUNTIES}
    wanted = [
        (ContestKey("ballot-measures", measure=str(n)), area)
        for n in range(1, 13)
        for area in ALL_COUNTIES
    ]
    assert {r.path for r in plan_sweep(wanted, published)} == published


def test_lists_are_asked_before_anything_is_known_of_them():
    published = {"ballot-measures", "supreme-court", "courts-of-appeal/district/all", "status"}
    assert {r.path for r in plan_sweep([], published)} == published


def test_statewide_lists_come_before_those_of_districts():
    wanted = [*HOUSE, *((SENATE, area) for area in [WHOLE, *ALL_COUNTIES])]
    paths = [r.path for r in plan_sweep(wanted, {"us-rep/district/all", "us-senate/county/all"})]
    assert paths == ["us-senate/county/all", "us-rep/district/all"]


@given(st.sets(st.tuples(st.integers(1, 52), st.integers(1, 59)), max_size=200))
def test_every_wanted_area_is_asked_exactly_once(pairs):
    wanted = [
        (ContestKey("us-rep", district=d), WHOLE if c == 59 else Area.county(c)) for d, c in pairs
    ]
    requests = plan_sweep(wanted, set())
    asked = [one for r in requests if r.fallback for one in ids_asked(r)]
    singles = [r for r in requests if not r.fallback]
    assert len(asked) + len(singles) == len(wanted)
    assert set(asked) <= {contest_id(key, area) for key, area in wanted}
    assert all(len(ids_asked(r)) <= QUERY_LIMIT for r in requests if r.fallback)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=80), st.integers(1, 8))
def test_batches_share_all_requests_about_evenly(weights, count):
    requests = [PlannedRequest(f"p{n}", weight) for n, weight in enumerate(weights)]
    shares = batches(requests, count)
    assert sorted(r.path for share in shares for r in share) == sorted(r.path for r in requests)
    assert len(shares) <= count
    sums = [sum(r.weight for r in share) for share in shares]
    if len(requests) >= count:
        assert max(sums) - min(sums) <= max(weights)


@pytest.mark.parametrize("count", [0, 1])
def test_at_least_one_batch_is_made(count):
    assert batches([PlannedRequest("us-senate")], count) == [[PlannedRequest("us-senate")]]
