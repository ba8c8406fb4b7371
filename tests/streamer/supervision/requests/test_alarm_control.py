"""What a run does about alarms: real programs, without a shell."""

import sys
import time

from streamer.config.schema import AlarmsConfig, Config
from streamer.measuring.alarm_rule import AlarmRule
from streamer.supervision.requests.alarm_control import AlarmControl
from tests.gui import feeder as make
from tests.support.fake_session import DEADLINE_S


def control(*command, acts=True):
    rule = AlarmRule(name="hot; touch x", above=30.0, command=command)
    return AlarmControl(Config(alarms=AlarmsConfig(rules=(rule,))), acts=acts)


def awaited(condition):
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_program_is_told_which_alarm_it_is(tmp_path):
    told = tmp_path / "told"
    program = (
        "import os, pathlib, sys; to = pathlib.Path(sys.argv[1]); part = to.with_suffix('.part'); "
        "part.write_text(os.environ['COREFUSION_ALARM'] + os.environ['COREFUSION_VALUE']); "
        "part.rename(to)"
    )
    alarms = control(sys.executable, "-c", program, str(told))
    (begun,) = alarms.on_result(make.result(0))
    assert begun.rule.name == "hot; touch x"
    awaited(told.exists)
    assert told.read_text() == "hot; touch x36.02"
    awaited(lambda: alarms.reap() or not alarms._running)
    assert not (tmp_path / "x").exists()


def test_a_replay_starts_no_program(tmp_path):
    alarms = control("touch", str(tmp_path / "x"), acts=False)
    assert alarms.on_result(make.result(0))
    assert alarms._running == {}
    assert alarms.states[0].active


def test_the_rules_of_a_window_are_watched_and_start_no_program(tmp_path):
    alarms = control("touch", str(tmp_path / "configured"))
    own = AlarmRule(name="own", above=30.0, command=("touch", str(tmp_path / "own")))
    alarms.on_status(make.status("viewer", alarms=(own,)))
    (begun,) = alarms.on_result(make.result(0))
    assert begun.rule == own
    assert alarms._running == {}
    alarms.on_status(make.status("inference"))
    assert [state.name for state in alarms.states] == ["own"]
    alarms.on_status(make.status("viewer", alarms=()))
    assert alarms.states == ()


def test_a_program_that_is_not_there_or_fails_is_said(caplog):
    control("/nowhere/at/all").on_result(make.result(0))
    assert "cannot be started: /nowhere/at/all: No such file" in caplog.text
    alarms = control("false")
    alarms.on_result(make.result(0))
    awaited(lambda: alarms.reap() or not alarms._running)
    assert "ended with 1" in caplog.text
