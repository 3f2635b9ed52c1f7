import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.feed.contest_ids import ContestIdError, contest_id, parse_contest_id
from results.feed.facts import WHOLE, Area, ContestKey
from tests.feed.strategies import contest_areas, retentions

LAKE = Area.county(17)

PUBLISHED = [
    ("01000300000059", ContestKey("president", "american-independent"), WHOLE),
    ("01000300000017", ContestKey("president", "american-independent"), LAKE),
    ("02000000000059", ContestKey("governor"), WHOLE),
    ("11000040000059", ContestKey("us-rep", district=40), WHOLE),
    ("13000001000059", ContestKey("state-assembly", district=1), WHOLE),
    ("12000002000059", ContestKey("state-senate", district=2), WHOLE),
    ("10000000000159", ContestKey("us-senate"), WHOLE),
    ("10000000000259", ContestKey("us-senate-unexpired-term"), WHOLE),
    ("19000000005059", ContestKey("ballot-measures", measure="50"), WHOLE),
    ("19000000001A17", ContestKey("ballot-measures", measure="1A"), LAKE),
    ("01000108000059", ContestKey("president", "democratic"), Area.district(8)),
]


@pytest.mark.parametrize(("number", "key", "area"), PUBLISHED)
def test_ids_as_the_secretary_of_state_composes_them(number, key, area):
    assert contest_id(key, area) == number
    assert parse_contest_id(number) == (key, area)


@given(contest_areas())
def test_every_contest_is_found_again_by_its_id(contest_area):
    number = contest_id(*contest_area)
    assert number is not None
    assert len(number) == 14
    assert parse_contest_id(number) == contest_area


@given(st.lists(contest_areas(), unique=True, max_size=20))
def test_no_two_contests_share_an_id(pairs):
    assert len({contest_id(*pair) for pair in pairs}) == len(pairs)


@given(retentions())
def test_justices_have_no_id(key):
    assert contest_id(key, WHOLE) is None


def test_the_senate_seat_may_be_left_at_zero():
    assert parse_contest_id("10000000000059") == (ContestKey("us-senate"), WHOLE)


def test_a_special_election_in_a_district_is_for_the_same_office():
    assert parse_contest_id("11020040000059") == (ContestKey("us-rep", district=40), WHOLE)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "has 0 characters"),
        ("010003000000059", "has 15 characters, a contest id has 14"),
        ("0100030000005", "has 13 characters"),
        ("0100030000005x", "counties are 01 to 58"),
        ("010003O0000059", "not all digits"),
        ("0１000300000059", "not all digits"),
        ("02000000000000", "ends in 00"),
        ("02000000000060", "ends in 60"),
        ("99000000000059", "begins with 9900"),
        ("02030000000059", "begins with 0203"),
        ("19020000000159", "begins with 1902"),
        ("14020000000059", "begins with 1402"),
        ("02010000000059", "is a recall's"),
        ("01000600000059", "names party 06"),
        ("02000100000059", "only presidential primaries"),
        ("11000000000059", "names district 0; us-rep has 1 to 53"),
        ("11000054000059", "names district 54"),
        ("12000041000059", "names district 41; state-senate has 1 to 40"),
        ("13000081000059", "names district 81; state-assembly has 1 to 80"),
        ("09000005000059", "names district 5; board-of-equalization has 1 to 4"),
        ("02000001000059", "names district 1, which governor does not have"),
        ("01000001000059", "names district 1, which president does not have"),
        ("01000154000059", "names district 54"),
        ("01000108000017", "names district 8"),
        ("02000000010059", "names division 01"),
        ("02000000000159", "names seat 01, which governor does not have"),
        ("10000000000359", "names seat 03"),
        ("14000000000159", "told apart by name"),
        ("15000001000159", "told apart by name"),
        ("19000010000159", "a measure's five characters"),
        ("19000000000059", "a measure's five characters"),
        ("1900000000a*59", "a measure's five characters"),
    ],
)
def test_what_is_wrong_with_an_id_is_said(number, reason):
    with pytest.raises(ContestIdError, match=reason) as raised:
        parse_contest_id(number)
    assert repr(number) in str(raised.value)


@given(st.text(max_size=16) | st.text("0123456789", min_size=14, max_size=14))
def test_any_other_text_is_no_id_and_nothing_worse(text):
    try:
        key, area = parse_contest_id(text)
    except ContestIdError:
        return
    assert parse_contest_id(str(contest_id(key, area))) == (key, area)
