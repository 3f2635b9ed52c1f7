from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from results.ingest import OLDER_ACCEPTED_AFTER
from results.models import (
    ArchivedBody,
    Candidate,
    Contest,
    CountyStatus,
    Return,
    ReturnNotice,
    ReturnUpdate,
)
from tests.bodies import (
    BEFORE_POLLS_CLOSE,
    LAST_ELECTION,
    LATER,
    NIGHT,
    body,
    element,
    in_county,
    measures,
    statewide,
)
from tests.results.conftest import AN_HOUR_IN

ALL = "us-senate/county/all"


def figures(election, county=None, slug="us-senate") -> dict[str, int]:
    """Votes by name, as they now stand."""
    row = Return.objects.get(contest__election=election, contest__slug=slug, county=county)
    names = dict(Candidate.objects.filter(contest=row.contest).values_list("id", "name"))
    return {names[int(pk)]: votes for pk, votes in row.votes.items()}


def test_votes_precincts_and_time_are_kept_exactly(make_election, take_up):
    election = make_election(ALL)
    take_up(
        election, {ALL: [statewide({"Schiff": 1_118_411, "Porter": 7}, precincts=(1519, 20855))]}
    )
    row = Return.objects.get(contest__slug="us-senate", county=None)
    assert figures(election) == {"Schiff": 1_118_411, "Porter": 7}
    assert (row.precincts_reporting, row.precincts_total) == (1519, 20855)
    assert row.total_votes == 1_118_418
    assert row.reported_at == datetime(2024, 3, 6, 5, 0, tzinfo=UTC)


def test_the_same_body_again_writes_nothing(make_election, take_up):
    election = make_election(ALL)
    bodies = {ALL: [statewide({"Schiff": 10}), in_county("Lake", {"Schiff": 4})]}
    take_up(election, bodies)
    before = list(Return.objects.order_by("pk").values())
    again = take_up(election, bodies, at=AN_HOUR_IN + timedelta(minutes=5))
    assert again.changed == 0
    assert again.contests == set()
    assert list(Return.objects.order_by("pk").values()) == before
    assert ReturnUpdate.objects.count() == 2


def test_every_distinct_state_is_kept_in_the_history(make_election, take_up):
    election = make_election(ALL)
    for minute, votes in enumerate([5, 9, 9, 14]):
        take_up(
            election,
            {ALL: [statewide({"Schiff": votes}, at=f"March 5, 2024, 9:{minute:02d} p.m.")]},
            at=AN_HOUR_IN + timedelta(minutes=minute),
        )
    assert list(ReturnUpdate.objects.values_list("total_votes", flat=True)) == [5, 9, 9, 14]


def test_history_cannot_be_changed(make_election, take_up):
    from django.core.exceptions import ValidationError

    take_up(make_election(ALL), {ALL: [statewide({"Schiff": 5})]})
    update = ReturnUpdate.objects.get()
    update.total_votes = 6
    with pytest.raises(ValidationError, match="append-only"):
        update.save()


def test_falling_votes_are_applied_and_noticed(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [in_county("Shasta", {"Schiff": 16_330})]})
    take_up(
        election,
        {ALL: [in_county("Shasta", {"Schiff": 712}, at=LATER)]},
        at=AN_HOUR_IN + timedelta(minutes=9),
    )
    assert figures(election, county=45) == {"Schiff": 712}
    assert ReturnUpdate.objects.last().votes_fell
    notice = ReturnNotice.objects.get(kind="votes_fell")
    assert "Shasta County" in notice.message
    assert "16,330 to 712" in notice.message


def test_falling_precincts_are_applied_and_noticed(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 5}, precincts=(40, 100))]})
    take_up(
        election,
        {ALL: [statewide({"Schiff": 5}, precincts=(30, 100), at=LATER)]},
        at=AN_HOUR_IN + timedelta(minutes=9),
    )
    assert Return.objects.get(contest__slug="us-senate", county=None).precincts_reporting == 30
    assert ReturnNotice.objects.get().kind == "reporting_fell"


def test_an_older_report_is_held_back_and_archived(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 100}, at=LATER)]})
    done = take_up(
        election,
        {ALL: [statewide({"Schiff": 60}, at=NIGHT)]},
        at=AN_HOUR_IN + timedelta(minutes=1),
    )
    assert figures(election) == {"Schiff": 100}
    assert done.unsettled == {ALL}
    assert ArchivedBody.objects.count() == 2
    assert ReturnNotice.objects.get().kind == "older_held_back"


def test_a_feed_that_insists_on_an_older_report_is_believed(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 100}, at=LATER)]})
    older = {ALL: [statewide({"Schiff": 60}, at=NIGHT)]}
    take_up(election, older, at=AN_HOUR_IN + timedelta(minutes=1))
    take_up(election, older, at=AN_HOUR_IN + timedelta(minutes=1) + OLDER_ACCEPTED_AFTER)
    assert figures(election) == {"Schiff": 60}
    assert ReturnNotice.objects.filter(kind="went_back").count() == 1


def test_an_older_report_that_goes_away_is_forgotten(make_election, take_up):
    election = make_election(ALL)
    newer = {ALL: [statewide({"Schiff": 100}, at=LATER)]}
    take_up(election, newer)
    take_up(
        election,
        {ALL: [statewide({"Schiff": 60}, at=NIGHT)]},
        at=AN_HOUR_IN + timedelta(minutes=1),
    )
    take_up(election, newer, at=AN_HOUR_IN + timedelta(minutes=2))
    assert Return.objects.get(contest__slug="us-senate", county=None).older_since is None


def test_a_countys_first_report_may_be_older_than_the_time_it_carried(make_election, take_up):
    # Before its first report a county carries the statewide time, so its own may lie before it.
    election = make_election(ALL)
    take_up(election, {ALL: [in_county("Kern", {"Schiff": 0}, at=LATER, precincts=(0, 50))]})
    take_up(
        election,
        {ALL: [in_county("Kern", {"Schiff": 31}, at=NIGHT, precincts=(0, 50))]},
        at=AN_HOUR_IN + timedelta(minutes=5),
    )
    assert figures(election, county=15) == {"Schiff": 31}
    assert not ReturnNotice.objects.exists()


def test_a_batch_that_comes_late_does_not_undo_a_newer_one(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 9}, at=NIGHT)]}, at=AN_HOUR_IN)
    take_up(
        election,
        {ALL: [statewide({"Schiff": 5}, at=NIGHT)]},
        at=AN_HOUR_IN - timedelta(minutes=3),
    )
    assert figures(election) == {"Schiff": 9}


def test_figures_from_before_the_polls_close_stay_private(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 999_999}, at=BEFORE_POLLS_CLOSE)]})
    row = Return.objects.get(contest__slug="us-senate", county=None)
    assert row.reported_at is None
    assert row.votes == {}
    assert Candidate.objects.get().name == "Schiff"
    assert ArchivedBody.objects.count() == 1


def test_figures_fetched_before_the_polls_close_stay_private(make_election, take_up):
    election = make_election(ALL)
    done = take_up(
        election,
        {ALL: [statewide({"Schiff": 5}, at="March 5, 2024, 8:00 p.m.")]},
        at=election.polls_close - timedelta(seconds=1),
    )
    assert Return.objects.filter(reported_at__isnull=False).count() == 0
    assert done.unsettled == {ALL}


def test_a_contest_of_the_last_election_never_appears(make_election, take_up):
    election = make_election("state-senate/district/2", "state-senate/district/all")
    title = "State Senate District {} - Districtwide Results"
    take_up(
        election,
        {
            "state-senate/district/2": element(
                title.format(2), {"Mike McGuire": 283_689}, at=LAST_ELECTION
            ),
            "state-senate/district/all": [element(title.format(1), {"Megan Dahle": 5})],
        },
    )
    stale = Contest.objects.get(slug="state-senate-district-2")
    assert stale.on_ballot is False
    assert not stale.candidates.exists()
    assert not Return.objects.filter(contest=stale, reported_at__isnull=False).exists()
    assert Contest.objects.get(slug="state-senate-district-1").on_ballot is True


def test_a_broken_list_says_nothing_about_the_districts_it_lacks(make_election, take_up):
    paths = ("us-rep/district/1", "us-rep/district/2", "us-rep/district/all")
    election = make_election(*paths)
    title = "U.S. House of Representatives District {} - Districtwide Results"
    broken = element(title.format(2), {"B": 1})
    del broken["Reporting"]
    take_up(election, {"us-rep/district/all": [element(title.format(1), {"A": 1}), broken]})
    assert Contest.objects.get(slug="us-rep-district-2").on_ballot is None


def test_a_county_outside_the_district_is_dropped(make_election, take_up):
    path = "us-rep/district/4/county/lake"
    election = make_election("us-rep/district/4", path)
    take_up(
        election,
        {
            path: element(
                "U.S. House of Representatives District 4 - Districtwide Results", {"A": 8}
            )
        },
    )
    assert figures(election, slug="us-rep-district-4") == {"A": 8}
    assert not Return.objects.filter(county=17, reported_at__isnull=False).exists()


def test_measures_become_contests_of_yes_and_no(make_election, take_up):
    election = make_election("ballot-measures", "ballot-measures/county/lake")
    take_up(
        election,
        {
            "ballot-measures": measures("Ballot Measures - Statewide Results", {"1": (30, 20)}),
            "ballot-measures/county/lake": measures(
                "Ballot Measures - Lake Results", {"1": (3, 4)}
            ),
        },
    )
    assert figures(election, slug="ballot-measures-prop-1") == {"Yes": 30, "No": 20}
    assert figures(election, slug="ballot-measures-prop-1", county=17) == {"Yes": 3, "No": 4}


def test_a_good_element_counts_although_its_neighbour_is_broken(make_election, take_up):
    election = make_election(ALL)
    broken = in_county("Lake", {"Schiff": 1})
    broken["candidates"][0]["Party"] = "Whig"
    done = take_up(election, {ALL: [statewide({"Schiff": 5}), broken]})
    assert figures(election) == {"Schiff": 5}
    assert "Whig" in str(done.problems[ALL][0])
    assert done.unsettled == {ALL}


@pytest.mark.parametrize(
    "broken",
    [b"<!DOCTYPE html><html>busy</html>", b'[{"raceTitle": "U.S. Sen', b"", b"[]", b"42"],
)
def test_a_broken_body_leaves_what_was_known(make_election, take_up, broken):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 5})]})
    done = take_up(election, {ALL: broken}, at=AN_HOUR_IN + timedelta(minutes=5))
    assert figures(election) == {"Schiff": 5}
    assert done.problems[ALL]


def test_a_new_candidate_is_taken_up_and_noticed(make_election, take_up):
    election = make_election(ALL)
    take_up(election, {ALL: [statewide({"Schiff": 5})]})
    take_up(
        election,
        {ALL: [statewide({"Schiff": 5, "Porter": 4}, at=LATER)]},
        at=AN_HOUR_IN + timedelta(minutes=5),
    )
    assert figures(election) == {"Schiff": 5, "Porter": 4}
    assert "Porter" in ReturnNotice.objects.get(kind="candidates_changed").message


def test_a_percentage_that_does_not_follow_from_the_votes_is_noticed(make_election, take_up):
    election = make_election(ALL)
    wrong = statewide({"Schiff": 60, "Garvey": 40})
    wrong["candidates"][0]["Percent"] = "95.1"
    take_up(election, {ALL: [wrong]})
    assert "95.1%" in ReturnNotice.objects.get(kind="percent_differs").message


def test_a_contest_gone_from_its_list_stays_public_and_is_noticed(make_election, take_up):
    election = make_election("us-rep/district/all")
    title = "U.S. House of Representatives District {} - Districtwide Results"
    both = [element(title.format(n), {"A": 1}) for n in (1, 2)]
    take_up(election, {"us-rep/district/all": both})
    take_up(
        election,
        {"us-rep/district/all": both[:1]},
        at=AN_HOUR_IN + timedelta(minutes=5),
    )
    assert Contest.objects.get(slug="us-rep-district-2").on_ballot is True
    assert "us-rep/district/all" in ReturnNotice.objects.get(kind="contest_missing").message


def test_statuses_of_counties_are_kept(make_election, take_up):
    election = make_election("status")
    take_up(
        election,
        {
            "status": {
                "marin": {
                    "county": 21,
                    "reportType": "U",
                    "precinctsReporting": "58",
                    "precinctsTotal": "58",
                    "voterTurnout": "118495",
                    "totalRegisteredVoters": "173896",
                    "timestamp": "March 6, 2024, 10:32 a.m.",
                }
            }
        },
    )
    status = CountyStatus.objects.get()
    assert (status.county_id, status.turnout, status.report_type) == (21, 118_495, "U")


def test_queries_do_not_grow_with_the_contests(make_election, take_up):
    election = make_election("us-rep/district/all")
    title = "U.S. House of Representatives District {} - Districtwide Results"

    def queries(changing: int, minute: int) -> int:
        listed = [
            element(title.format(n), {"A": minute if n <= changing else 0, "B": 1})
            for n in range(1, 53)
        ]
        with CaptureQueriesContext(connection) as asked:
            take_up(
                election,
                {"us-rep/district/all": listed},
                at=AN_HOUR_IN + timedelta(minutes=minute),
            )
        return len(asked)

    queries(0, 0)
    assert queries(2, 1) == queries(52, 2) < 15


def test_a_body_is_kept_byte_for_byte(make_election, take_up):
    raw = body([statewide({"Angélica María Dueñas": 1})])
    take_up(make_election(ALL), {ALL: raw})
    assert ArchivedBody.objects.get().content == raw
