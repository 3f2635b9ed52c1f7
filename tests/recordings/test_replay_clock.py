from datetime import UTC, datetime, timedelta

import pytest

from results.recordings.replay_clock import ReplayClock

START = datetime(2024, 3, 6, 4, 0, tzinfo=UTC)
END = START + timedelta(hours=7)


class RealTime:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def real_time() -> RealTime:
    return RealTime()


def clock_at(real_time: RealTime, speed: float = 60.0, **more) -> ReplayClock:
    return ReplayClock(START, END, speed, monotonic=real_time, **more)


def test_it_begins_at_its_start(real_time):
    assert clock_at(real_time).now() == START


def test_it_goes_on_with_real_time_at_its_speed(real_time):
    clock = clock_at(real_time, speed=60)
    real_time.seconds += 2.5

    assert clock.now() == START + timedelta(seconds=150)


def test_it_stays_at_its_end(real_time):
    clock = clock_at(real_time)
    real_time.seconds += 10_000

    assert clock.now() == END


def test_in_a_loop_it_begins_again(real_time):
    clock = clock_at(real_time, loop=True)
    real_time.seconds += 7 * 60 + 5

    assert clock.now() == START + timedelta(minutes=5)


def test_it_goes_on_from_where_it_jumps(real_time):
    clock = clock_at(real_time)
    real_time.seconds += 10
    clock.jump(START + timedelta(hours=3))
    real_time.seconds += 1

    assert clock.now() == START + timedelta(hours=3, minutes=1)


def test_a_jump_past_the_end_moves_the_end(real_time):
    clock = clock_at(real_time)
    clock.jump(END + timedelta(days=2))
    real_time.seconds += 10

    assert clock.now() == END + timedelta(days=2)


def test_paused_it_stands_still(real_time):
    clock = clock_at(real_time)
    real_time.seconds += 1
    clock.pause()
    real_time.seconds += 50

    assert clock.now() == START + timedelta(minutes=1)


def test_paused_it_can_jump_and_stands_still_there(real_time):
    clock = clock_at(real_time)
    clock.pause()
    clock.jump(START + timedelta(hours=2))
    real_time.seconds += 50

    assert clock.now() == START + timedelta(hours=2)


def test_resumed_it_goes_on_from_where_it_stood(real_time):
    clock = clock_at(real_time)
    clock.pause()
    real_time.seconds += 50
    clock.resume()
    real_time.seconds += 1

    assert clock.now() == START + timedelta(minutes=1)


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_speed_that_does_not_go_forward_is_refused(real_time, speed):
    with pytest.raises(ValueError, match="speed must be above 0"):
        clock_at(real_time, speed=speed)
