"""Alarms without a window, by the real command."""

from pathlib import Path

import msgspec
import pytest

from streamer.measuring.tool_set import ToolSet
from streamer.messages import SuperResolvedFrame, TimelineEvent
from streamer.recording import RecordingReader
from tests.e2e.command import SMALL
from tests.e2e.conftest import InPlace, Refused

pytestmark = pytest.mark.e2e

TOOLS = "measuring.tools=[{kind: box, name: yard, points: [[0, 0], [1, 1]]}]"


def test_an_alarm_is_logged_starts_a_program_and_is_what_a_recording_keeps(
    whole_run: InPlace, tmp_path: Path
) -> None:
    file, touched = tmp_path / "a.mcap", tmp_path / "touched"
    rules = [
        {"name": "warm yard", "tool": "yard", "above": -50, "command": ["touch", str(touched)]},
        {"name": "frost", "quantity": "max", "below": -50},
    ]
    done = whole_run(
        *("record", "--model", "bilinear", *SMALL, "--output", file),
        *("--trigger", "alarm", "--pre-trigger", "1s", "--duration", "1.5"),
        *("--set", TOOLS, "--set", f"alarms.rules={msgspec.json.encode(rules).decode()}"),
    )
    assert done.returncode == 0, done.stderr
    assert "alarm: warm yard, yard max above -50 °C: " in done.stderr
    assert "frost" not in done.stderr
    assert touched.exists()
    reader = RecordingReader(file)
    kept = [each.message for each in reader.read()]
    assert any(isinstance(each, SuperResolvedFrame) for each in kept)
    told = [each.text for each in kept if isinstance(each, TimelineEvent) and each.kind == "alarm"]
    assert len(told) == 1
    assert told[0].startswith("alarm: warm yard, yard max above -50 °C: ")
    assert isinstance(reader.tools, ToolSet)
    assert [tool.name for tool in reader.tools.tools] == ["yard"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("alarms.rules=[{name: a, tool: motor, above: 1}]", "one of measuring.tools wanted"),
        (
            "alarms.rules=[{name: a, tool: yard, quantity: delta, above: 1}]",
            "a measuring.reference other than yard wanted",
        ),
        ("alarms.rules=[{name: a, above: warm}]", "expected `float"),
    ],
)
def test_an_alarm_that_can_never_hold_is_wrong_usage(
    refused: Refused, setting: str, words: str
) -> None:
    done = refused("live", "--headless", "--frames", "1", "--set", TOOLS, "--set", setting)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
