"""The visible stream of an export lies on the thermal one, or as its camera gave it."""

import cv2
import msgspec
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from streamer.calibration.calibration import Calibration, View, rows_of
from streamer.calibration.errors import CalibrationError
from streamer.calibration.geometry import similarity
from streamer.calibration.plain_data import as_recorded
from streamer.calibration.stored import save_calibration
from streamer.clock import StreamNs
from streamer.commands import recordings as recording_commands
from streamer.convert.export import ExportSettings, Target, export
from streamer.messages import CalibrationChange
from streamer.recording import RecordingError, TimestampedMessage
from streamer.recording.writing.writer import RecordingWriter
from tests.support.recordings import INFO, PERIOD, START, messages, record, recorded

COUNT = 4
app = typer.Typer()
recording_commands.register(app)


def beside(columns=4, size=(24, 32)):
    """Of a visible camera that sees everything so many pixels further to the right."""
    return Calibration(
        method="hand",
        visible=View(width=size[1], height=size[0]),
        thermal=View(width=16, height=12),
        matrix=rows_of(similarity(1.0, 0.0, (columns / 16, 0.0))),
    )


def carrying(path, calibration, streams=("visible", "thermal", "sr")):
    info = msgspec.structs.replace(INFO, calibration=as_recorded(calibration))
    kept = (one for one in messages(COUNT) if getattr(one.message, "stream", "sr") in streams)
    record(RecordingWriter(path, info), kept)
    return path


def exported(source, output, **settings):
    chosen = ExportSettings(target=Target.png, stream="visible", output=output, **settings)
    folder = export(source, chosen)
    return [cv2.imread(str(path)) for path in sorted(folder.glob("*.png"))]


def test_a_recorded_calibration_lines_the_visible_pictures_up(tmp_path):
    plain = exported(recorded(tmp_path / "plain.mcap", COUNT), tmp_path / "plain")
    lined_up = exported(carrying(tmp_path / "a.mcap", beside()), tmp_path / "lined_up")
    assert len(lined_up) == len(plain) == COUNT
    for before, after in zip(plain, lined_up, strict=True):
        assert np.array_equal(after[:, :28], before[:, 4:])
        assert np.array_equal(after[:, 28:], before[:, [-1] * 4])  # where it does not look


def test_none_takes_them_as_the_camera_gave_them(tmp_path):
    plain = exported(recorded(tmp_path / "plain.mcap", COUNT), tmp_path / "plain")
    carried = carrying(tmp_path / "a.mcap", beside())
    result = CliRunner().invoke(
        app,
        [
            *("export", str(carried), "--to", "png", "--stream", "visible"),
            *("--output", str(tmp_path / "as_they_came"), "--calibration", "none"),
        ],
    )
    assert result.exit_code == 0, result.output
    came = [cv2.imread(str(path)) for path in sorted((tmp_path / "as_they_came").glob("*.png"))]
    assert np.array_equal(came, plain)


def test_another_calibration_lines_them_up_anew(tmp_path):
    file = tmp_path / "better.yaml"
    save_calibration(beside(8), file)
    carried = carrying(tmp_path / "a.mcap", beside())
    anew = exported(carried, tmp_path / "anew", calibration=file)
    plain = exported(recorded(tmp_path / "plain.mcap", COUNT), tmp_path / "plain")
    assert np.array_equal(np.array(anew)[:, :, :24], np.array(plain)[:, :, 8:])


def test_what_changed_while_it_was_recorded_holds_from_its_moment_on(tmp_path):
    anew = messages(COUNT)
    change = CalibrationChange(StreamNs(START + 2 * PERIOD), as_recorded(beside(8)))
    info = msgspec.structs.replace(INFO, calibration=as_recorded(beside()))
    writer = RecordingWriter(tmp_path / "a.mcap", info)
    record(writer, [*anew, TimestampedMessage(change, StreamNs(START + 3 * PERIOD))])
    plain = exported(recorded(tmp_path / "plain.mcap", COUNT), tmp_path / "plain")
    lined_up = exported(tmp_path / "a.mcap", tmp_path / "lined_up")
    for number, (before, after) in enumerate(zip(plain, lined_up, strict=True)):
        columns = 4 if number < 2 else 8
        assert np.array_equal(after[:, : 32 - columns], before[:, columns:])


def test_without_results_they_are_about_640_wide(tmp_path):
    carried = carrying(tmp_path / "a.mcap", beside(), streams=("visible", "thermal"))
    assert exported(carried, tmp_path / "wide")[0].shape == (480, 640, 3)


def test_a_calibration_that_cannot_be_right_leaves_nothing(tmp_path):
    of_a_wide_camera = beside(size=(24, 64))
    carried = carrying(tmp_path / "a.mcap", of_a_wide_camera)
    with pytest.raises(RecordingError, match=r"made for visible pictures of 64x24, and 32x24 came"):
        exported(carried, tmp_path / "wrong")
    missing = tmp_path / "missing.yaml"
    with pytest.raises(CalibrationError, match="No such file"):
        exported(carried, tmp_path / "wrong", calibration=missing)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mcap"]


def test_a_calibration_is_of_no_use_to_other_streams(tmp_path):
    source = recorded(tmp_path / "a.mcap", COUNT)
    result = CliRunner().invoke(
        app, ["export", str(source), "--to", "png", "--calibration", "none"], terminal_width=200
    )
    assert result.exit_code == 2
    assert "--stream visible" in result.output
