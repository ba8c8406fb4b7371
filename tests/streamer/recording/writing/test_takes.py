"""Names of a window's recordings, and those among them that were cut off."""

from datetime import datetime
from pathlib import Path

import pytest

from streamer.recording.names import PART
from streamer.recording.writing.takes import take_name, unfinished_takes

MOMENT = datetime(2026, 3, 29, 1, 59, 58)


@pytest.mark.parametrize(
    ("rig", "name"),
    [("", "2026-03-29 01-59-58.mcap"), ("porch", "2026-03-29 01-59-58 porch.mcap")],
)
def test_a_take_is_named_by_its_moment_and_found_by_its_name(
    tmp_path: Path, rig: str, name: str
) -> None:
    assert take_name(MOMENT, rig) == name
    part = tmp_path / (name + PART)
    part.touch()
    assert unfinished_takes(tmp_path) == [part]


def test_what_was_recovered_or_has_another_name_is_none(tmp_path: Path) -> None:
    name = take_name(MOMENT)
    for other in (name, name + PART, "my " + name + PART, name + PART + ".bak", "run.mcap.part"):
        (tmp_path / other).touch()
    assert unfinished_takes(tmp_path) == []
