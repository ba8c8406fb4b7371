"""What the health panel lists."""

import pytest

from gui.status.health_text import HealthHistory, health_sections
from gui.status.run_status import RunStatus
from streamer.clock import NS_PER_S, ClockReading, HostNs, live_stream
from streamer.config.schema import Config
from streamer.messages import Mode, PastUse
from tests.gui import feeder as make

NOW = HostNs(1_000 * NS_PER_S)


def sections(result=None, dropped=(), history=None) -> dict[str, dict[str, str]]:
    run = RunStatus(
        now_ns=NOW,
        since_ns=HostNs(NOW - NS_PER_S),
        session=None,
        result=result,
        config=Config(),
        reading=ClockReading(NOW, live_stream(NOW)),
    )
    found = health_sections(run, dict(dropped), history or HealthHistory())
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


def test_drops_are_those_of_the_last_minute_and_of_all():
    history = HealthHistory()
    history.update(Mode.GUIDED, {"visible/late": 5}, HostNs(NOW - 90 * NS_PER_S))
    history.update(Mode.HOLD, {"visible/late": 7}, HostNs(NOW - 70 * NS_PER_S))
    history.update(Mode.HOLD, {"visible/late": 9}, HostNs(NOW - 10 * NS_PER_S))
    told = sections(dropped={"visible/late": 10}, history=history)
    lines = told["Pictures not used, in the last minute (in all)"]
    assert lines == {"visible: not used: a newer one was there": "3 (10)"}
    assert list(told["Modes"]) == ["hold", "guided"]
