"""A thermal camera's whole frames through the whole chain: degrees, shutter, pace in the report."""

from pathlib import Path

import pytest

from streamer.recording import RecordingReader
from tests.e2e.command import PATIENT, report_of, run_here
from tests.support import thermal_frames as frames
from tests.support.thermal_frames import gradient

pytestmark = pytest.mark.e2e

CLOSED = range(12, 18)  # frames behind the shutter


def write_lepton(path: Path) -> Path:
    data = [
        frames.lepton(
            gradient(80, 60, 28_500, 31_000, seed=index),
            counter=3 * index,
            ffc_state=2 if index in CLOSED else 3,
        )
        for index in range(30)
    ]
    path.write_bytes(b"".join(data))
    return path


def test_telemetry_tells_the_shutter_and_is_recorded_beside_the_picture(tmp_path: Path) -> None:
    source, output = write_lepton(tmp_path / "lepton.raw"), tmp_path / "l.mcap"
    run_here(
        *("record", "--visible", "none", "--thermal", source, "--model", "bilinear"),
        *PATIENT,
        *("--set", "capture.thermal.rate_hz=18", "--output", output),
        *("--report", tmp_path / "r.json"),
    )
    report = report_of(tmp_path / "r.json")
    assert [change[1:] for change in report["mode_changes"]] == [
        ["thermal_only", "hold"],
        ["hold", "thermal_only"],
    ]
    assert report["dropped"]["thermal/refused"] == len(CLOSED)
    assert report["cameras"]["thermal"]["rate_hz"] == 18.0
    frames_read = [each.message for each in RecordingReader(output).read(("thermal",))]
    assert len(frames_read) == 30
    assert {frame.pixels.shape for frame in frames_read} == {(60, 80)}
    assert frames_read[0].radiometry.gain_k == 0.01
    states = [frame.metadata["ffc_state"] for frame in frames_read]
    assert states.count("in progress") == len(CLOSED)
