"""The whole of a recorded night through plan, ingest and models, against an independent reading."""

from datetime import UTC, datetime

import pytest

from results.models import Candidate, Contest, Return, ReturnNotice, ReturnUpdate
from results.recordings.recording import Recording
from tests.recorded_nights import listed_election, march_2024, read_independently, sweep

SHASTA = 45


@pytest.fixture(scope="module")
def recording() -> Recording:
    return march_2024()


@pytest.fixture
def election(db, recording):
    return listed_election(recording)


def held(election) -> dict[tuple[str, int | None, int | None], dict]:
    """What is held of every area: votes by candidate, precincts as the feed writes them."""
    names = {c.pk: (c.name, c.party) for c in Candidate.objects.filter(contest__election=election)}
    return {
        (row.contest.slug, row.county_id, row.district): {
            "votes": {names[int(pk)]: votes for pk, votes in row.votes.items()},
            "precincts": f"({row.precincts_reporting:,} of {row.precincts_total:,})",
        }
        for row in Return.objects.filter(
            contest__election=election, reported_at__isnull=False
        ).select_related("contest")
    }


def figures(election, slug: str, county: int | None = None) -> dict[str, int]:
    row = held(election)[slug, county, None]
    return {name: votes for (name, _), votes in row["votes"].items()}


def test_after_any_prefix_of_the_night_what_is_held_is_what_the_latest_bodies_say(
    election, recording
):
    # A dozen moments from the first zeros to the end of the canvass; the third is the first at
    # which a sweep asks for the measures' counties, which the first body of measures tells.
    moments = [*recording.moments[:4], *recording.moments[4::13], recording.moments[-1]]
    for place, moment in enumerate(moments):
        sweep(election, recording, moment)
        now = held(election)
        expected = read_independently(recording, moment)
        if place == 0:
            expected = {k: v for k, v in expected.items() if k in now}
        assert now == expected, f"at {moment}"


def test_a_sweep_of_all_1204_contest_areas_needs_at_most_70_requests(election, recording):
    sweep(election, recording, recording.moments[1])
    requests, _ = sweep(election, recording, recording.moments[2])
    assert Return.objects.count() >= 1_204
    assert len(requests) <= 70


def test_the_senate_districts_that_do_not_vote_are_not_on_the_ballot(election, recording):
    sweep(election, recording, recording.moments[5])
    absent = Contest.objects.filter(on_ballot=False).values_list("district", flat=True)
    assert sorted(absent) == list(range(2, 41, 2))
    assert Contest.objects.filter(on_ballot=True).count() == 161


def test_shastas_correction_is_applied_and_noticed(election, recording):
    before = datetime(2024, 3, 6, 7, 26, tzinfo=UTC)
    after = datetime(2024, 3, 6, 7, 35, tzinfo=UTC)
    sweep(election, recording, before)
    assert sum(figures(election, "us-senate", SHASTA).values()) == 16_330
    sweep(election, recording, after)
    assert sum(figures(election, "us-senate", SHASTA).values()) == 712
    fallen = ReturnNotice.objects.filter(kind="votes_fell", contest__slug="us-senate")
    assert "16,330 to 712" in fallen.get(county=SHASTA).message


def test_the_end_of_the_count_is_the_last_recorded_one(election, recording):
    sweep(election, recording, recording.moments[-1])
    senate = figures(election, "us-senate")
    assert (senate["Adam B. Schiff"], senate["Steve Garvey"]) == (2_304_811, 2_301_293)
    assert figures(election, "ballot-measures-prop-1") == {"Yes": 3_636_678, "No": 3_610_436}


def test_a_second_sweep_of_the_same_moment_changes_nothing(election, recording):
    moment = recording.moments[20]
    sweep(election, recording, moment)
    sweep(election, recording, moment)
    written = ReturnUpdate.objects.count()
    _, again = sweep(election, recording, moment)
    assert (again.changed, again.contests, again.problems) == (0, set(), {})
    assert ReturnUpdate.objects.count() == written
