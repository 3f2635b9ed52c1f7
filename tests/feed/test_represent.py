import json
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from results.feed.counties import BY_NUMBER
from results.feed.facts import AreaKind, ContestKey, Report
from results.feed.offices import OFFICES
from results.feed.parse import parse_body
from results.feed.paths import contest_path
from results.feed.represent import (
    body_bytes,
    candidate_percent,
    computed_percents,
    reporting_percent,
    represent,
    represent_group,
    yes_no_percents,
)
from tests.feed.excerpts import EXCERPTS
from tests.feed.strategies import reports


def path_of(report: Report) -> str:
    path = contest_path(report.contest)
    if report.area.kind == AreaKind.COUNTY:
        return f"{path}/county/{BY_NUMBER[report.area.number].slug}"
    if report.area.kind == AreaKind.DISTRICT:
        return f"{path}/district/all"
    return path


def elements_of(found: tuple[Report, ...]) -> list[dict]:
    """The elements that a body's reports stood in."""
    groups: dict[tuple, list[Report]] = {}
    for report in found:
        shared = ContestKey(report.contest.office, report.contest.party, report.contest.district)
        groups.setdefault((shared, report.area), []).append(report)
    return [
        represent_group(group)
        if OFFICES[group[0].contest.office].body != "candidates"
        else represent(group[0])
        for group in groups.values()
    ]


@pytest.mark.parametrize("path", EXCERPTS)
def test_a_real_body_read_and_written_again_is_the_same_to_the_byte(path):
    body = EXCERPTS[path]
    parsed = parse_body(path, body)
    assert parsed.problems == ()
    elements = elements_of(parsed.reports)
    assert body_bytes(elements if body.startswith(b"[") else elements[0]) == body


@pytest.mark.parametrize("path", EXCERPTS)
def test_real_percentages_follow_from_the_votes(path):
    for report in parse_body(path, EXCERPTS[path]).reports:
        assert computed_percents(report) == tuple(choice.percent for choice in report.choices)


@given(reports())
def test_a_report_written_and_read_again_is_the_same(report):
    parsed = parse_body(path_of(report), body_bytes(represent(report)))
    assert parsed.problems == ()
    assert parsed.reports == (report,)


@given(reports())
def test_a_report_keeps_its_hash_through_a_body(report):
    (again,) = parse_body(path_of(report), body_bytes([represent(report)])).reports
    assert again.facts_hash() == report.facts_hash()


@given(reports())
def test_votes_have_commas_for_candidates_and_none_for_yes_and_no(report):
    element = represent(report)
    if "candidates" in element:
        written = [candidate["Votes"] for candidate in element["candidates"]]
        assert written == [f"{choice.votes:,}" for choice in report.choices]
    else:
        (item,) = element[OFFICES[report.contest.office].list_key]
        assert [item["yesVotes"], item["noVotes"]] == [str(c.votes) for c in report.choices]


def test_an_inconsistent_percentage_of_precincts_is_written_as_it_was_given():
    (first, *_) = json.loads(EXCERPTS["courts-of-appeal/district/all"])
    assert first["Reporting"] == "95.1% (4,323 of 4,323) precincts reporting"
    parsed = parse_body("courts-of-appeal/district/1", body_bytes(first))
    assert parsed.reports[0].reporting_percent == "95.1"
    assert represent_group(parsed.reports) == first


@pytest.mark.parametrize("percent", ["<1", ">99", "0.0", "41.6", "100.0"])
def test_percentages_of_precincts_keep_their_form_for_measures(percent):
    value = json.loads(EXCERPTS["ballot-measures"])
    value["Reporting"] = f"{percent}% (8,676 of 20,855) precincts reporting"
    assert represent_group(parse_body("ballot-measures", body_bytes(value)).reports) == value


def test_measures_stand_together_in_one_element_with_padded_numbers():
    (one,) = parse_body("ballot-measures", EXCERPTS["ballot-measures"]).reports
    element = represent_group([one, one])
    assert [item["Number"] for item in element["ballot-measures"]] == ["01", "01"]


def test_bodies_have_two_spaces_accents_and_no_newline_at_the_end():
    assert body_bytes([{"Name": "Angélica María"}]) == (
        '[\n  {\n    "Name": "Angélica María"\n  }\n]'.encode()
    )


@pytest.mark.parametrize(
    ("votes", "total", "percent"),
    [
        (0, 0, "0.0"),
        (0, 10, "0.0"),
        (10, 10, "100.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),  # 0.05: half up
        (1, 2001, "0.0"),
        (5, 400, "1.3"),  # 1.25: half up, not to even
    ],
)
def test_shares_of_votes_have_one_decimal_rounded_half_up(votes, total, percent):
    assert candidate_percent(votes, total) == percent


@given(st.integers(0, 10**8), st.integers(1, 10**8))
def test_shares_of_votes_round_as_exact_arithmetic_does(votes, total):
    assume(votes <= total)
    exact = Decimal(100 * votes) / total
    assert candidate_percent(votes, total) == str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_yes_and_no_are_together_a_hundred(yes, no):
    yes_percent, no_percent = yes_no_percents(yes, no)
    assert Decimal(yes_percent) + Decimal(no_percent) == (100 if yes + no else 0)
    assert yes_percent == candidate_percent(yes, yes + no)


@pytest.mark.parametrize(
    ("reporting", "total", "percent"),
    [
        (0, 0, "0"),
        (0, 100, "0"),
        (1, 100, "1"),
        (58, 100, "58"),
        (100, 100, "100"),
        (1519, 20855, "7.3"),
        (66, 1056, "6.2"),  # 6.25: half to even
        (63, 800, "7.9"),  # 7.875
        (55, 800, "6.9"),  # 6.875
        (27, 400, "6.8"),  # 6.75: half to even
    ],
)
def test_shares_of_precincts_round_half_to_even_and_drop_a_last_zero(reporting, total, percent):
    assert reporting_percent(reporting, total) == percent


@given(st.integers(0, 30_000), st.integers(1, 30_000))
def test_shares_of_precincts_round_as_exact_arithmetic_does(reporting, total):
    assume(reporting <= total)
    exact = (Decimal(100 * reporting) / total).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
    assert Decimal(reporting_percent(reporting, total)) == exact
    assert not reporting_percent(reporting, total).endswith(".0")
