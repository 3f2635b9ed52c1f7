import pytest
from django.utils import translation

from dashboard.cards import leading, race_card, sections
from dashboard.contest_detail import contest_detail
from results.models import Contest
from results.selectors import contest_returns
from tests.bodies import LATER, element, in_county, measures, statewide

SENATE = "us-senate/county/all"
PARTY = "president/party/democratic/county/all"
MEASURES = "ballot-measures"


def names(rows) -> list[str]:
    return [row.name for row in rows]


def led_by(returns) -> list[str]:
    return [one.candidate.name for one in leading(returns)]


def test_votes_and_shares_are_exact_and_come_in_order_of_votes(returns_of):
    card = race_card(returns_of(SENATE, statewide({"Lee": 1_000, "Schiff": 2_000})))
    assert [(r.name, r.votes_text, r.percent) for r in card.rows] == [
        ("Schiff", "2,000", "66.7%"),
        ("Lee", "1,000", "33.3%"),
    ]


def test_before_any_report_candidates_stand_in_the_feeds_order_without_figures(returns_of):
    card = race_card(returns_of(SENATE, statewide({"B": 0, "A": 0}, precincts=(0, 100))))
    assert names(card.rows) == ["B", "A"]
    assert not card.has_report
    assert card.status == "Not yet received"


def test_votes_without_a_whole_precinct_are_a_report(returns_of):
    # The first reports are ballots by mail, which belong to no precinct that has reported.
    card = race_card(returns_of(SENATE, statewide({"A": 5, "B": 3}, precincts=(0, 100))))
    assert card.has_report
    assert card.precincts.percent == "0%"


def test_under_the_threshold_nobody_is_marked_as_leading(returns_of):
    found = returns_of(SENATE, statewide({"A": 50, "B": 3, "C": 1}, precincts=(4, 100)))
    assert leading(found) == []
    assert race_card(found).status == "Early returns: too soon to say who leads"


def test_from_the_threshold_on_the_two_who_advance_are_marked(returns_of):
    found = returns_of(SENATE, statewide({"A": 50, "B": 30, "C": 20}, precincts=(5, 100)))
    assert led_by(found) == ["A", "B"]
    assert race_card(found).status == "A and B lead for November"


def test_one_whole_county_is_enough_to_mark_who_leads(returns_of):
    found = returns_of(
        SENATE,
        statewide({"A": 50, "B": 30, "C": 20}, precincts=(1, 100)),
        in_county("Alpine", {"A": 50, "B": 30, "C": 20}, precincts=(1, 1)),
    )
    assert led_by(found) == ["A", "B"]


def test_two_of_the_same_party_can_both_lead_for_november(returns_of):
    found = returns_of(SENATE, statewide({"A": 50, "B": 30, "C": 20}))
    assert {one.candidate.party for one in leading(found)} == {"Dem"}


def test_a_tie_for_second_place_marks_only_the_first(returns_of):
    found = returns_of(SENATE, statewide({"A": 50, "B": 25, "C": 25}))
    assert led_by(found) == ["A"]
    assert race_card(found).status == "A leads for November; second place is tied"


def test_two_candidates_in_a_top_two_contest_both_go_on(returns_of):
    found = returns_of(SENATE, statewide({"A": 50, "B": 30}))
    assert race_card(found).status == "Both go on to November"


def test_a_partys_primary_has_one_leader_and_a_margin(returns_of):
    title = "President Democratic - Statewide Results"
    found = returns_of(PARTY, element(title, {"A": 1_500, "B": 300, "C": 1}))
    assert led_by(found) == ["A"]
    assert race_card(found).status == "A leads by 1,200 votes"


def test_a_tie_is_said_to_be_one(returns_of):
    title = "President Democratic - Statewide Results"
    assert race_card(returns_of(PARTY, element(title, {"A": 10, "B": 10}))).status == "Tied"


def test_a_single_candidate_is_unopposed(returns_of):
    title = "President Democratic - Statewide Results"
    assert race_card(returns_of(PARTY, element(title, {"A": 10}))).status == "A is unopposed"


def test_a_measure_keeps_yes_before_no(returns_of):
    card = race_card(
        returns_of(MEASURES, measures("Ballot Measures - Statewide Results", {"1": (40, 60)}))
    )
    assert names(card.rows) == ["Yes", "No"]
    assert card.title == "Proposition 1"
    assert card.subtitle == "Measure 1"
    assert card.status == "No leads by 20 votes"


def test_many_candidates_are_folded_away_but_none_is_lost(returns_of):
    votes = {f"Candidate {n:02d}": 1000 - n for n in range(61)}
    card = race_card(returns_of(SENATE, statewide(votes)))
    assert len(card.rows) == 4
    assert len(card.rows) + len(card.more) == 61
    assert card.more_label == "57 more candidates"


def test_five_candidates_are_all_shown(returns_of):
    card = race_card(returns_of(SENATE, statewide(dict.fromkeys("ABCDE", 1))))
    assert (len(card.rows), len(card.more)) == (5, 0)


def test_the_last_change_is_told_with_its_time(make_election, take_up):
    election = make_election(SENATE)
    take_up(election, {SENATE: [statewide({"A": 100})]})
    take_up(election, {SENATE: [statewide({"A": 350}, at=LATER)]})
    (found,) = contest_returns(election)
    assert race_card(found).change == "+250 votes at 9:30\N{NO-BREAK SPACE}p.m."


def test_a_fall_is_shown_as_a_dated_correction(make_election, take_up):
    election = make_election(SENATE)
    take_up(election, {SENATE: [statewide({"A": 16_330})]})
    take_up(election, {SENATE: [statewide({"A": 712}, at=LATER)]})
    (found,) = contest_returns(election)
    card = race_card(found)
    assert card.correction == "Corrected downward at 9:30\N{NO-BREAK SPACE}p.m."
    assert card.change.startswith("\N{MINUS SIGN}15,618")


@pytest.mark.parametrize(
    ("precincts", "percent"),
    [((1, 20_855), "<0.1%"), ((20_854, 20_855), ">99.9%"), ((0, 10), "0%"), ((10, 10), "100%")],
)
def test_precincts_are_never_rounded_to_none_or_all(returns_of, precincts, percent):
    card = race_card(returns_of(SENATE, statewide({"A": 1}, precincts=precincts)))
    assert card.precincts.percent == percent


def test_all_precincts_is_told_apart_from_all_counted(returns_of):
    card = race_card(returns_of(SENATE, statewide({"A": 1}, precincts=(10, 10))))
    assert card.precincts.all_reported


def test_a_time_after_midnight_has_its_day(returns_of):
    card = race_card(returns_of(SENATE, statewide({"A": 1}, at="March 6, 2024, 12:02 a.m.")))
    assert card.as_of == "As of 12:02\N{NO-BREAK SPACE}a.m., March\N{NO-BREAK SPACE}6"


def test_a_card_in_spanish_is_spanish_throughout(returns_of):
    found = returns_of(SENATE, statewide({"A": 50, "B": 30, "C": 20}))
    with translation.override("es"):
        card = race_card(found)
    assert card.title == "Senado de EE. UU., período completo"
    assert card.status == "A y B van adelante para noviembre"
    assert card.as_of == "A las 9:00\N{NO-BREAK SPACE}p.\N{NO-BREAK SPACE}m."
    assert card.url == "/es/contests/us-senate/"


def test_an_editors_title_replaces_the_usual_one(returns_of):
    found = returns_of(SENATE, statewide({"A": 1}))
    found.contest.display_title = "The Senate seat"
    assert race_card(found).title == "The Senate seat"


def test_every_contest_stands_in_exactly_one_section(make_election):
    election = make_election("us-senate", "us-rep/district/1", "state-senate/district/1")
    Contest.objects.filter(slug="us-rep-district-1").update(is_featured=True)
    found = sections(list(election.contests.all()))
    assert [(s.key, s.slugs) for s in found] == [
        ("featured", ("us-rep-district-1",)),
        ("statewide", ("us-senate",)),
        ("state-senate", ("state-senate-district-1",)),
    ]


def test_the_table_of_counties_tells_what_has_not_come(returns_of):
    found = returns_of(
        SENATE,
        statewide({"A": 5}),
        in_county("Kern", {"A": 0}, precincts=(0, 9)),
        in_county("Lake", {"A": 5}),
    )
    (table,) = contest_detail(found).tables
    told = {row.name: row.has_report for row in table.rows}
    assert len(told) == 58
    assert told["Lake"]
    assert not told["Kern"]


def test_a_row_of_the_table_adds_up_all_candidates(returns_of):
    votes = dict.fromkeys("ABCDEFG", 10)
    found = returns_of(SENATE, statewide(votes), in_county("Lake", votes))
    (table,) = contest_detail(found).tables
    lake = next(row for row in table.rows if row.name == "Lake")
    assert len(lake.cells) == 4
    assert lake.total == "70"
    assert table.others_note


def test_the_first_votes_are_told_as_such_and_not_as_a_change(returns_of):
    card = race_card(returns_of(SENATE, statewide({"A": 5})))
    assert card.change == "First votes at 9:00\N{NO-BREAK SPACE}p.m."


def test_a_contest_whose_precincts_nobody_told_says_so(make_election):
    election = make_election(SENATE)
    Contest.objects.update(on_ballot=True)
    (found,) = contest_returns(election)
    assert race_card(found).precincts.counts == "Precincts not known yet"


@pytest.mark.parametrize(
    ("reported", "goes_on"),
    [
        ("March 6, 2024, 3:01 a.m.", True),
        ("April 4, 2024, 5:00 p.m.", True),
        ("April 5, 2024, 5:00 p.m.", False),
    ],
)
def test_all_precincts_are_not_all_ballots_while_the_canvass_may_go_on(
    returns_of, reported, goes_on
):
    found = returns_of(SENATE, statewide({"A": 5, "B": 3}, at=reported, precincts=(9, 9)))
    assert race_card(found).canvass_goes_on is goes_on
