"""What the health panel lists."""

import pytest

from gui.state.panels.health import HealthHistory, health_sections
from gui.status.run_status import RunStatus
from streamer.clock import NS_PER_S, ClockReading, HostNs, live_stream
from streamer.config.schema import Config
from streamer.messages import Mode, PastUse
from tests.gui import feeder as make

NOW = HostNs(1_000 * NS_PER_S)


def sections(result=None, dropped=(), history=None, age_ms=None) -> dict[str, dict[str, str]]:
    run = RunStatus(
        now_ns=NOW,
        since_ns=HostNs(NOW - NS_PER_S),
        session=None,
        result=result,
        config=Config(),
        reading=ClockReading(NOW, live_stream(NOW)),
    )
    found = health_sections(run, dict(dropped), history or HealthHistory(), age_ms)
    return {section.title: dict(section.lines) for section in found}


def test_what_several_frames_gave_is_said_with_the_noise():
    of_many = make.result(at_ns=NOW, past=PastUse(8, 0.63, 4.2, 42.0))
    network = sections(of_many)["Network"]
    assert network["made of"] == "8 frames, 63% of the past counts"
    assert network["noise from frame to frame"] == "42 mK"


@pytest.mark.parametrize(("let_go", "words"), [("", "one frame"), ("scene", "one frame (scene)")])
def test_one_frame_says_why_it_is_alone(let_go, words):
    alone = make.result(at_ns=NOW, past=PastUse(1, 0.0, 0.3, None, let_go))
    network = sections(alone)["Network"]
    assert network["made of"] == words
    assert network["noise from frame to frame"] == "0.3 counts"


def test_without_a_past_nothing_is_said_of_one():
    assert "made of" not in sections(make.result(at_ns=NOW))["Network"]
    assert sections()["Network"] == {"before correction, at most": "-"}


def test_drops_are_told_as_a_rate_with_how_many_there_were():
    history = HealthHistory()
    history.update(Mode.GUIDED, {"visible/late": 5}, HostNs(NOW - 90 * NS_PER_S))
    history.update(Mode.HOLD, {"visible/late": 7}, HostNs(NOW - 60 * NS_PER_S))
    history.update(Mode.HOLD, {"visible/late": 9}, HostNs(NOW - 10 * NS_PER_S))
    drops = {"visible/late": 10, "sr/skipped": 120, "thermal/gap": 0, "x/odd": 1}
    history.update(Mode.HOLD, {"x/odd": 1}, NOW)
    told = sections(dropped=drops, history=history)
    lines = told["Pictures not used, by cause (in all)"]
    assert lines["visible: not used: a newer one was there"] == "3.0 a minute (10)"
    assert lines["sr: made, and not shown: the window was busy"] == "2.0 a second (120)"
    assert "thermal: missing at the reader" not in lines
    assert list(told["Modes"]) == ["hold", "guided"]


def test_a_process_that_was_started_again_lost_nothing_below_zero():
    history = HealthHistory()
    history.update(Mode.GUIDED, {"visible/late": 50}, HostNs(NOW - 30 * NS_PER_S))
    assert history.rates_hz({"visible/late": 2}, NOW) == {"visible/late": 0.0}
    assert HealthHistory().rates_hz({"visible/late": 2}, NOW) == {"visible/late": 0.0}


def test_the_age_is_told_by_stage_and_in_all():
    stages = {"pair": 4.0, "prepare": 1.0, "infer": 6.5, "consistency": 0.5}
    ages = sections(make.result(at_ns=NOW, stage_ms=stages), age_ms=20.0)["Age by stage"]
    assert ages == {
        "waiting for the visible picture": "4.0 ms",
        "preparing the pair": "1.0 ms",
        "the network": "6.5 ms",
        "back to the measurement": "0.5 ms",
        "camera, transport, painting": "8.0 ms",
        "in all, at the end of painting": "20.0 ms",
    }
    assert sections()["Age by stage"] == {"": "-"}
