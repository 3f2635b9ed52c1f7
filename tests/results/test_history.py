"""A contest's night from its history."""

from datetime import UTC, datetime

import pytest

from results.history import course, update_rows, updates
from results.models import Contest
from tests.bodies import in_county, statewide

SENATE = "us-senate/county/all"


def at(hour: int, minute: int = 0) -> str:
    return f"March 5, 2024, {hour}:{minute:02d} p.m."


def moment(hour: int, minute: int = 5) -> datetime:
    return datetime(2024, 3, 6, hour - 4, minute, tzinfo=UTC)


@pytest.fixture
def contest(make_election, take_up) -> Contest:
    """Lake and Napa report at nine, Lake again at ten, and at eleven less than before."""
    election = make_election(SENATE)
    nights = (
        (8, {"A": 0, "B": 0}, {"A": 0, "B": 0}, {"A": 0, "B": 0}),
        (9, {"A": 150, "B": 100}, {"A": 100, "B": 20}, {"A": 50, "B": 80}),
        (10, {"A": 160, "B": 190}, {"A": 110, "B": 110}, {"A": 50, "B": 80}),
        (11, {"A": 155, "B": 140}, {"A": 105, "B": 60}, {"A": 50, "B": 80}),
    )
    for hour, whole, lake, napa in nights:
        value = [
            statewide(whole, at=at(hour)),
            in_county("Lake", lake, at=at(hour)),
            in_county("Napa", napa, at=at(min(hour, 9))),
        ]
        take_up(election, {SENATE: value}, moment(hour), moment(hour))
    return Contest.objects.get()


def names(contest: Contest) -> dict[str, int]:
    return {one.name: one.pk for one in contest.candidates.all()}


def test_the_course_has_a_point_for_each_report_with_votes_oldest_first(contest):
    assert [(p.total, p.lead) for p in course(contest)] == [(250, 50), (350, 30), (295, 15)]


def test_the_course_at_a_moment_ends_there(contest):
    assert [p.total for p in course(contest, moment(10))] == [250, 350]


def test_updates_are_the_counties_newest_first_with_what_each_added(contest):
    found = updates(contest)
    assert [(u.county.name, u.total_added, u.is_first) for u in found] == [
        ("Lake", -55, False),
        ("Lake", 100, False),
        ("Lake", 120, True),
        ("Napa", 130, True),
    ]


def test_an_update_says_what_it_did_to_the_lead_of_that_time(contest):
    ids = names(contest)
    second = updates(contest)[1]
    # At ten B leads A by the whole contest's returns: Lake gave B 90 and A 10.
    assert (second.first, second.second) == (ids["B"], ids["A"])
    assert second.lead_change == 80


def test_a_total_that_fell_is_marked(contest):
    assert [u.votes_fell for u in updates(contest)] == [True, False, False, False]


def test_where_counties_are_not_told_the_whole_contest_has_the_updates(make_election, take_up):
    election = make_election("us-senate")
    take_up(election, {"us-senate": statewide({"A": 5, "B": 3})})
    (only,) = updates(Contest.objects.get())
    assert only.county is None
    assert only.total_added == 8


def test_the_rows_to_download_are_every_state_of_every_area(contest):
    head, *rows = update_rows(contest)
    assert head[:4] == ["reported_at", "fetched_at", "area", "county_number"]
    assert head[-2:] == ["A (Dem)", "B (Dem)"]
    assert len(rows) == 4 + 4 + 2
    assert [row[-2:] for row in rows if row[2] == "lake"][-1] == [105, 60]
