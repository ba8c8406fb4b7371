"""Alarms over time, without a run."""

import math

import msgspec
import numpy as np
import pytest

from streamer.alarms.alarm import Alarm, RateMeter
from streamer.alarms.watch import AlarmWatch
from streamer.clock import NS_PER_S, StreamNs
from streamer.config.loading import ConfigError, load_config
from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import Box, Spot
from streamer.measuring.tool_set import ToolSet
from streamer.messages import Mode
from tests.gui import feeder as make

HOT = AlarmRule(name="hot", above=60.0, hold_s=2.0, hysteresis=5.0)


def course(rule, *values):
    """Whether the alarm holds after each second."""
    alarm = Alarm(rule)
    held = []
    for second, value in enumerate(values):
        alarm.update(StreamNs(second * NS_PER_S), value)
        held.append(alarm.since_ns is not None)
    return held


def test_it_holds_after_its_time_and_until_well_within():
    assert course(HOT, 61, 62, 63, 58, 56, 55, 61) == [False, False, True, True, True, False, False]


def test_a_break_begins_the_time_anew():
    assert course(HOT, 61, 62, 59, 61, 62, 63) == [False, False, False, False, False, True]


def test_below_is_the_other_way_round():
    cold = AlarmRule(name="cold", below=5.0, hysteresis=1.0)
    assert course(cold, 6, 4, 5.5, 6) == [False, True, True, False]


def test_no_value_neither_makes_nor_ends_it():
    assert course(HOT, 61, math.nan, 61, math.nan, 40) == [False, False, True, True, False]


def test_a_jump_back_in_time_begins_anew():
    alarm = Alarm(AlarmRule(name="hot", above=60.0))
    assert alarm.update(StreamNs(9 * NS_PER_S), 70.0)
    alarm.update(StreamNs(2 * NS_PER_S), 50.0)
    assert alarm.since_ns is None


def test_a_rate_is_that_of_the_last_seconds():
    meter = RateMeter()
    rates = [
        meter.update(StreamNs(n * NS_PER_S), 20.0 + (n > 20) * (n - 20) * 0.5) for n in range(40)
    ]
    assert math.isnan(rates[3])
    assert rates[15] == pytest.approx(0.0)
    assert rates[39] == pytest.approx(30.0)


MOTOR = Box(name="motor", points=((0.4, 0.4), (0.6, 0.6)))
AIR = Spot(name="air", points=((0.01, 0.01),))
TOOLS = ToolSet(tools=(MOTOR, AIR), reference="air")


def watch(**rule):
    return AlarmWatch([AlarmRule(name="it", **rule)], TOOLS)


SCENE = make.scene(120, 160)


def results(count=30, **fields):
    """A scene that warms by a kelvin a second, ten pictures a second."""
    for n in range(count):
        pixels = (SCENE + np.uint16(n * 10)).astype(np.uint16)
        yield make.result(n, pixels, at_ns=10**12 + n * NS_PER_S // 10, **fields)


@pytest.mark.parametrize(
    ("rule", "begins_s"),
    [
        ({"above": 37.0}, 1.1),  # the hottest is 36.0 at first
        ({"tool": "motor", "quantity": "min", "above": 27.5}, 0.9),
        ({"tool": "air", "quantity": "mean", "above": 19.0}, 1.1),
        ({"tool": "motor", "quantity": "delta", "above": 10.0}, 0.0),
        ({"tool": "motor", "quantity": "rate", "above": 50.0}, None),  # there are 3 s alone
    ],
)
def test_every_quantity_is_watched(rule, begins_s):
    watched = watch(**rule)
    begun = [result.timestamp_ns for result in results() if watched.update(result)]
    if begins_s is None:
        assert begun == []
    else:
        assert begun[0] == pytest.approx(10**12 + begins_s * 1e9, abs=4e8)


def test_a_rate_alarms():
    watched = watch(tool="motor", quantity="rate", above=50.0)
    assert any(watched.update(result) for result in results(80))


def test_emissivity_counts():
    parameters = ObjectParameters(emissivity=0.5)
    watched = watch(above=45.0)
    assert not watched.update(next(results(1)))
    watched = watch(above=45.0)
    watched.tools = msgspec.structs.replace(TOOLS, parameters=parameters)
    assert watched.update(next(results(1)))


@pytest.mark.parametrize(
    ("rule", "fields", "words"),
    [
        ({"tool": "nobody", "above": 1.0}, {}, "there is no tool called nobody"),
        ({"above": 1.0}, {"radiometry": None}, "counts and no degrees"),
        ({"tool": "air", "quantity": "delta", "above": 1.0}, {}, "no reference to compare with"),
    ],
)
def test_what_can_never_hold_says_why(rule, fields, words):
    watched = watch(**rule)
    assert not any(watched.update(result) for result in results(5, **fields))
    assert words in watched.states[0].problem


def test_an_alarm_ends_with_its_tool():
    watched = watch(tool="motor", above=30.0)
    first, second = results(2)
    assert watched.update(first)
    watched.tools = ToolSet()
    assert watched.update(second)
    assert not watched.states[0].active


def test_a_rule_that_stays_goes_on_when_others_come():
    watched = watch(above=30.0)
    first, second = results(2)
    assert watched.update(first)
    other = AlarmRule(name="other", above=30.0)
    watched.set_rules([AlarmRule(name="it", above=30.0), other])
    (begun,) = watched.update(second)
    assert begun.rule == other
    assert [state.active for state in watched.states] == [True, True]


def test_what_is_no_measurement_changes_nothing():
    watched = watch(above=30.0)
    for mode in (Mode.VISIBLE_ONLY, Mode.HOLD):
        assert not watched.update(make.result(1, mode=mode))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{name: a}", "either above or below wanted"),
        ("{name: a, above: 1, below: 2}", "either above or below wanted"),
        ("{above: 1}", "name"),
        ("{name: '', above: 1}", "a name of 1 to"),
        ("{name: a, above: .nan}", "a finite limit wanted"),
        ("{name: a, above: -300}", "below absolute zero"),
        ("{name: a, above: 1, quantity: delta}", "a tool wanted"),
        ("{name: a, above: 1, quantity: median}", "median"),
        ("{name: a, above: 1, hold_s: -1}", "hold_s"),
        ("{name: a, above: 1, command: ['']}", "the name of a program"),
        ("{name: a, above: 1, comand: [ls]}", "unknown key alarms.rules[0].comand"),
        ("{name: a, above: 1}, {name: a, below: 1}", "two are called a"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_one_line(rule, words):
    with pytest.raises(ConfigError, match=r"^[^\n]*$") as refused:
        load_config(None, [f"alarms.rules=[{rule}]"])
    assert words in str(refused.value)
