from capture.drivers.pace import Pace
from streamer.clock import NS_PER_S

HOUR_NS = 3600 * NS_PER_S


def test_before_any_picture_it_is_the_hosts_age_in_periods():
    pace = Pace()
    assert pace.number_before(-1, 9.0, 100 * NS_PER_S) == 900
    assert pace.number_before(905, 9.0, 100 * NS_PER_S) == 905


def test_what_was_missed_is_told_at_the_pace_that_was_and_not_at_the_one_announced():
    pace = Pace()
    first = pace.number_before(-1, 30.0, 0)
    for index in range(200):  # 10 Hz, for twenty seconds
        pace.note(index * NS_PER_S // 10)
    last = first + 200
    again = 199 * NS_PER_S // 10 + 3 * NS_PER_S
    assert pace.number_before(last, 30.0, again) == last + 30
    assert pace.number_before(last, 30.0, again + NS_PER_S) == last + 40  # opened, and gone again
    pace.note(again + NS_PER_S)
    assert pace.number_before(last + 41, 30.0, again + 2 * NS_PER_S) == last + 41 + 30
