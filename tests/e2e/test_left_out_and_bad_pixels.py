"""What a run leaves out is in its report: pictures of files by cause, pixels by place."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from streamer.convert.export import ExportSettings, Target, export
from streamer.pictures.readings.pixel_band import WINDOW
from tests.e2e.command import PATIENT, headless_replay, report_of
from tests.e2e.conftest import InPlace
from tests.support.made_in_place import made_in_place
from tests.support.pictures import flat, ramp, write
from tests.support.steady_recording import INFO
from tests.support.stuck_pixel import AT, panned

pytestmark = pytest.mark.e2e

FRAMES = 2 * WINDOW + 12


SMALL_CANVAS = ("inference.canvas_width=64", "inference.canvas_height=48")


def sets(changes: Sequence[str]) -> list[str]:
    """As options of a command."""
    return [word for one in changes for word in ("--set", one)]


OLD = {"inference": {"model": "bilinear", "consistency": True}}
"""The configuration of a recording that was made before bad pixels were looked for."""


def test_a_stuck_pixel_is_in_the_report_of_a_replay_and_in_no_result_from_then_on(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    info = msgspec.structs.replace(INFO, left_out={"undecodable": 2})
    recording = panned(tmp_path / "bad.mcap", info, FRAMES)
    first = headless_replay(recording, tmp_path / "bad.json", *sets(SMALL_CANVAS))
    words = "".join(capfd.readouterr())
    assert first["bad_pixels"] == [list(AT)]
    assert first["left_out"] == {"undecodable": 2}
    assert "1 of the thermal camera, found over time: 20, 13" in " ".join(words.split())
    again = made_in_place(recording, tmp_path / "again", SMALL_CANVAS)
    assert again.result_sha256 == first["result_sha256"]
    table = export(recording, ExportSettings(target=Target.csv, stream="thermal"))
    hottest = [float(line.split(",")[6]) for line in table.read_text().splitlines()[1:]]
    assert min(hottest[: 2 * WINDOW]) > 200
    assert max(hottest[-8:]) < 60


def test_a_recording_that_was_made_before_is_replayed_without(tmp_path: Path) -> None:
    old = msgspec.structs.replace(INFO, config=OLD)
    recording = panned(tmp_path / "old.mcap", old, FRAMES)
    report = headless_replay(recording, tmp_path / "old.json", *sets(SMALL_CANVAS))
    assert "bad_pixels" not in report


def test_what_a_live_run_leaves_out_of_its_files_is_in_its_report(
    whole_run: InPlace, tmp_path: Path
) -> None:
    for index in range(24):
        write(tmp_path / "visible" / f"{index:03}.png", flat(5 * index))
        write(tmp_path / "thermal" / f"{index:03}.png", ramp(low=29000 + 10 * index))
    (tmp_path / "visible" / "007.png").unlink()
    write(tmp_path / "thermal" / "011.png", np.zeros((24, 32), np.uint8))
    report = tmp_path / "r.json"
    done = whole_run(
        *("live", "--headless", "--model", "bilinear", *PATIENT, "--report", report),
        *("--visible", tmp_path / "visible", "--thermal", tmp_path / "thermal"),
    )
    assert done.returncode == 0, done.stderr
    assert report_of(report)["left_out"]["another depth"] == 1
    assert report_of(report)["left_out"]["no partner"] >= 1
    assert "another depth 1" in " ".join(done.stdout.split())
