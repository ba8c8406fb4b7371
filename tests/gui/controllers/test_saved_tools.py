"""Tools outlive a run, for each pair of cameras."""

import pytest

from gui.controllers.saved_tools import SavedTools
from streamer.config.schema import CameraConfig, CaptureConfig
from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import Spot
from streamer.measuring.tool_set import ToolSet

TOOLS = ToolSet(
    tools=(Spot(name="motor", points=((0.25, 0.5),), parameters=ObjectParameters(emissivity=0.9)),),
    reference="motor",
)


def cameras(visible):
    camera = CameraConfig(source=visible, width=640, height=480, rate_hz=30.0)
    return CaptureConfig(visible=camera)


def test_each_pair_has_its_own():
    SavedTools(cameras("/dev/video0")).write(TOOLS)
    SavedTools(cameras("/dev/video2")).write(ToolSet(parameters=ObjectParameters(emissivity=0.5)))
    assert SavedTools(cameras("/dev/video0")).read() == TOOLS
    assert SavedTools(cameras("/dev/video2")).read().parameters.emissivity == 0.5
    assert SavedTools(cameras("sim")).read() == ToolSet()
    SavedTools(cameras("/dev/video0")).write(ToolSet())
    assert SavedTools(cameras("/dev/video0")).read() == ToolSet()


def test_alarms_are_kept_beside_them():
    rules = (AlarmRule(name="hot", tool="motor", above=60.0),)
    SavedTools(cameras("sim")).write(TOOLS, rules)
    assert SavedTools(cameras("sim")).read_alarms() == rules
    assert SavedTools(cameras("/dev/video0")).read_alarms() == ()
    saved = SavedTools(cameras("sim"))
    saved._settings.setValue("viewer/alarms", '{"sim + sim": [{"name": "hot"}]}')
    assert saved.read_alarms() == ()
    assert saved.read() == TOOLS


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[1]", '{"sim + sim": 3}', '{"sim + sim": {"reference": "nobody"}}']
)
def test_what_is_broken_is_forgotten(text):
    saved = SavedTools(cameras("sim"))
    saved._settings.setValue("viewer/tools", text)
    assert saved.read() == ToolSet()
    saved.write(TOOLS)
    assert saved.read() == TOOLS
