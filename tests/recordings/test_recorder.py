import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.recordings.format import lines_of, night_of
from results.recordings.recorder import Recorder
from results.recordings.recording import Recording, UnknownContest
from tests.bodies import LATER, body, element, in_county, measures, statewide
from tests.recordings.conftest import HEADER, moment

SENATE_ID = "10000000000159"
TITLE = "Ballot Measures - Statewide Results"
SHASTA_ID = "10000000000145"


def served(recording: Recording, path: str, run: int):
    made = recording.body(path, moment(run))
    return None if made is None else json.loads(made)


def senate(count: int, **more) -> dict:
    return statewide({"Ann Lee": count, "Bo Katz": 7}, **more)


def shasta(count: int, **more) -> dict:
    return in_county("Shasta", {"Ann Lee": count, "Bo Katz": 1}, **more)


def test_every_body_comes_back_byte_for_byte(record):
    first, second = [senate(10), shasta(3)], [senate(12, at=LATER), shasta(3)]

    recording = record({"us-senate/county/all": first}, {"us-senate/county/all": second})

    assert recording.body("us-senate/county/all", moment(0)) == body(first)
    assert recording.body("us-senate/county/all", moment(1)) == body(second)


def test_bodies_of_known_form_are_kept_as_facts_alone(record, recorder):
    record({"us-senate/county/all": [senate(10), shasta(3)]})

    assert recorder.as_is == []


def test_between_two_runs_the_earlier_is_served(record):
    recording = record({"us-senate": senate(10)}, {"us-senate": senate(12)})

    almost = moment(1).replace(minute=moment(1).minute - 1)

    assert json.loads(recording.body("us-senate", almost) or b"") == senate(10)


def test_an_endpoint_serves_nothing_before_it_was_first_read(record):
    recording = record({"us-senate": senate(10)}, {"ballot-measures": measures_body(5)})

    assert served(recording, "ballot-measures", 0) is None
    assert served(recording, "ballot-measures", 1) == measures_body(5)


def test_an_endpoint_that_a_run_leaves_out_keeps_its_body(record):
    recording = record({"us-senate": senate(10)}, {"governor": element_of_governor(4)})

    assert served(recording, "us-senate", 1) == senate(10)


def element_of_governor(count: int) -> dict:
    return element("Governor - Statewide Results", {"Cy Roe": count})


def measures_body(yes: int) -> dict:
    return measures(TITLE, {"1": (yes, 4), "2": (2, yes)}, precincts=(7, 96))


def test_measures_of_one_element_stay_together(record, recorder):
    recording = record({"ballot-measures": measures_body(5)})

    assert served(recording, "ballot-measures", 0) == measures_body(5)
    assert recorder.as_is == []


def test_one_measure_can_be_asked_by_its_id(record):
    recording = record({"ballot-measures": measures_body(5)})

    answer = json.loads(recording.query(["19000000000259"], moment(0)))

    assert answer == [measures(TITLE, {"2": (2, 5)}, precincts=(7, 96))]


def test_a_run_that_straddles_a_refresh_keeps_both_states(record):
    old, new = senate(10), senate(12, at=LATER)

    recording = record(
        {"us-senate": old, "us-senate/county/all": [old, shasta(3)]},
        {"us-senate": old, "us-senate/county/all": [new, shasta(3)]},
        {"us-senate": new, "us-senate/county/all": [new, shasta(3)]},
    )

    assert served(recording, "us-senate", 1) == old
    assert served(recording, "us-senate/county/all", 1) == [new, shasta(3)]
    assert served(recording, "us-senate", 2) == new


def test_a_query_tells_the_newest_returns_of_a_mixed_run(record):
    recording = record(
        {"us-senate": senate(10), "us-senate/county/all": [senate(10), shasta(3)]},
        {"us-senate": senate(12, at=LATER)},
    )

    assert json.loads(recording.query([SENATE_ID], moment(1))) == [senate(12, at=LATER)]


def test_an_endpoint_that_falls_back_does_not_hide_the_newest_returns(record):
    old, new = senate(10), senate(12, at=LATER)

    recording = record(
        {"us-senate": old, "us-senate/county/all": [old]},
        {"us-senate": new, "us-senate/county/all": [new]},
        {"us-senate": old, "us-senate/county/all": [new]},
    )

    assert served(recording, "us-senate", 2) == old
    assert json.loads(recording.query([SENATE_ID], moment(2))) == [new]


def test_an_area_that_nothing_shows_any_more_keeps_its_returns(record):
    recording = record(
        {"us-senate/county/all": [senate(10), shasta(3)]}, {"us-senate/county/all": [senate(11)]}
    )

    assert served(recording, "us-senate/county/all", 1) == [senate(11)]
    assert json.loads(recording.query([SHASTA_ID], moment(1))) == [shasta(3)]


def test_both_states_of_a_first_run_that_is_mixed_are_kept(record):
    recording = record({"us-senate": senate(10), "us-senate/county/all": [senate(12, at=LATER)]})

    assert served(recording, "us-senate", 0) == senate(10)
    assert served(recording, "us-senate/county/all", 0) == [senate(12, at=LATER)]
    assert json.loads(recording.query([SENATE_ID], moment(0))) == [senate(12, at=LATER)]


def test_figures_that_come_back_after_others_are_served_again(record):
    recording = record(
        {"us-senate": senate(10)}, {"us-senate": senate(12)}, {"us-senate": senate(10)}
    )

    assert [served(recording, "us-senate", run) for run in range(3)] == [
        senate(10),
        senate(12),
        senate(10),
    ]


def test_a_query_answers_in_the_order_asked(record):
    recording = record({"us-senate/county/all": [senate(10), shasta(3)]})

    answer = json.loads(recording.query([SHASTA_ID, SENATE_ID], moment(0)))

    assert answer == [shasta(3), senate(10)]


def test_a_query_for_a_contest_that_was_not_recorded_names_it(record):
    recording = record({"us-senate": senate(10)})

    with pytest.raises(UnknownContest, match="02000000000059"):
        recording.query([SENATE_ID, "02000000000059"], moment(0))


def test_a_query_for_a_contest_that_comes_later_names_it(record):
    recording = record({"governor": element_of_governor(1)}, {"us-senate": senate(10)})

    with pytest.raises(UnknownContest, match=SENATE_ID):
        recording.query([SENATE_ID], moment(0))


def test_an_address_that_was_not_read_is_made_from_its_contests(record):
    recording = record({"us-senate/county/all": [senate(10), shasta(3)]})

    assert served(recording, "us-senate/county/shasta", 0) == [shasta(3), senate(10)]
    assert served(recording, "us-senate", 0) == senate(10)
    assert served(recording, "us-senate/county/lake", 0) is None


def test_an_address_that_was_not_read_serves_nothing_before_its_contests(record):
    recording = record({"governor": element_of_governor(1)}, {"us-senate/county/all": [senate(3)]})

    assert served(recording, "us-senate", 0) is None
    assert served(recording, "us-senate", 1) == senate(3)


def test_a_candidate_added_during_the_night_is_kept(record):
    before, after = senate(10), statewide({"Ann Lee": 10, "Bo Katz": 7, "Di Fox": 2})

    recording = record({"us-senate": before}, {"us-senate": after}, {"us-senate": before})

    assert [served(recording, "us-senate", run) for run in range(3)] == [before, after, before]


def test_an_element_that_facts_do_not_give_back_is_kept_as_it_came(record, recorder):
    odd = {**shasta(3), "note": "partial"}
    value = [senate(10), odd]

    recording = record({"us-senate/county/all": value})

    assert served(recording, "us-senate/county/all", 0) == value
    assert recorder.as_is == ["us-senate/county/all at 2024-03-06 05:05:00"]


def test_the_neighbours_of_an_element_that_cannot_be_read_are_facts(record):
    value = [senate(10), {"message": "Internal error"}]

    recording = record({"us-senate/county/all": value})

    assert served(recording, "us-senate/county/all", 0) == value
    assert json.loads(recording.query([SENATE_ID], moment(0))) == [senate(10)]


def test_true_is_not_mistaken_for_1(record):
    value = senate(10)
    value["candidates"][0]["incumbent"] = 1
    text = json.dumps(value).encode()

    recording = record({"us-senate": text})

    assert served(recording, "us-senate", 0)["candidates"][0]["incumbent"] is not True


@pytest.mark.parametrize("raw", [b"<html>Busy</html>", b"", b"\xff\x00", b'{"raceTitle": "U.S'])
def test_bytes_that_are_no_json_are_kept(record, raw):
    recording = record({"us-senate": senate(10)}, {"us-senate": raw}, {"us-senate": senate(11)})

    assert recording.body("us-senate", moment(1)) == raw
    assert served(recording, "us-senate", 2) == senate(11)


@pytest.mark.parametrize("value", [[], {}, None, 3, {"message": "Forbidden"}])
def test_json_that_is_no_returns_is_kept(record, value):
    recording = record({"us-senate": value})

    assert served(recording, "us-senate", 0) == value


def test_a_status_is_kept_as_it_came(record):
    row = {"county": 21, "precinctsReporting": "58", "precinctsTotal": "58"}

    recording = record({"status": {"marin": row}})

    assert served(recording, "status", 0) == {"marin": row}


def test_a_recorded_query_is_kept(record):
    path = "query?r=%5B%2210000000000145%22,%2210000000000159%22%5D"

    recording = record({path: [shasta(3), senate(10)]})

    assert served(recording, path, 0) == [shasta(3), senate(10)]


def test_a_run_must_come_after_the_one_before(recorder):
    recorder.add_run(moment(1), [("us-senate", body(senate(10)))])

    with pytest.raises(ValueError, match="is not after that of"):
        recorder.add_run(moment(0), [("us-senate", body(senate(11)))])


# What each of three endpoints that share areas answers in a run: figures of both, bytes, or no
# answer at all.
figures = st.tuples(st.integers(0, 2), st.integers(0, 2))
answers = st.none() | figures | st.sampled_from([b"<html>", b"[]"])
runs = st.lists(st.tuples(answers, answers, answers), min_size=1, max_size=8)
PATHS = ("us-senate/county/all", "us-senate", "us-senate/county/shasta")


def body_of(path: str, answer) -> bytes:
    if isinstance(answer, bytes):
        return answer
    state, county = senate(answer[0]), shasta(answer[1])
    shapes = {PATHS[0]: [state, county], PATHS[1]: state, PATHS[2]: [county, state]}
    return body(shapes[path])


@settings(max_examples=150, deadline=None)
@given(runs)
def test_any_course_of_a_night_comes_back(answers_of_runs):
    recorder = Recorder(HEADER)
    expected: list[dict[str, bytes]] = []
    for number, given_answers in enumerate(answers_of_runs):
        bodies = {
            path: body_of(path, answer)
            for path, answer in zip(PATHS, given_answers, strict=True)
            if answer is not None
        }
        recorder.add_run(moment(number), bodies.items())
        expected.append({**(expected[-1] if expected else {}), **bodies})

    recording = Recording(night_of(lines_of(recorder.night())))

    for number, bodies in enumerate(expected):
        for path, raw in bodies.items():
            made = recording.body(path, moment(number))
            assert made is not None
            assert made == raw or json.loads(made) == json.loads(raw)
