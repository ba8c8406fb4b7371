"""info, recover, export and import, on real files."""

import csv
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
import typer
from typer.testing import CliRunner

from streamer.commands import recordings as recording_commands
from streamer.errors import CorefusionError
from streamer.messages import Frame, PixelFormat
from streamer.recording import RecordingError, RecordingReader, RecordingWriter, SegmentWriter
from tests.support.paths import DATA
from tests.support.recordings import (
    INFO,
    OFFSET,
    PERIOD,
    START,
    messages,
    record,
    recorded,
    result,
)

RADIOMETRIC = DATA / "radiometric"
KEYS = [
    *("file", "complete", "segments", "start_ns", "end_ns", "duration_s", "streams"),
    *("modes", "model", "engine", "precision", "left_out"),
]

app = typer.Typer()
recording_commands.register(app)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def run(*arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    if isinstance(done.exception, CorefusionError):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("recording") / "a.mcap")


def test_info_for_programs_has_the_promised_keys(path: Path) -> None:
    told = json.loads(run("info", path, "--json"))
    assert list(told) == KEYS
    assert told["complete"] is True
    assert told["segments"] == 1
    assert told["start_ns"] == START + OFFSET
    assert told["end_ns"] == result(29).timestamp_ns + OFFSET
    assert told["duration_s"] == pytest.approx((29 * PERIOD + 3e6) / 1e9, abs=1e-3)
    assert set(told["streams"]) == {"visible", "thermal", "truth", "sr"}
    assert list(told["streams"]["sr"]) == [
        *("messages", "first_ns", "last_ns", "rate_hz", "gaps", "bytes")
    ]
    assert told["streams"]["thermal"]["messages"] == 30
    assert told["streams"]["thermal"]["rate_hz"] == pytest.approx(1e9 / PERIOD, abs=0.001)
    assert told["modes"] == {"guided": 15, "thermal_only": 15}
    assert (told["model"], told["engine"], told["precision"]) == ("fast:sensor", "openvino", "bf16")
    assert json.loads(run("info", path, "--json", "--verify")) == told


def test_info_for_people(path: Path) -> None:
    told = run("info", path)
    for words in (
        "complete",
        "fast:sensor (abababababab)",
        "16x12 MONO16",
        "guided 15",
        "30.30 Hz",
    ):
        assert words in told


def test_info_of_an_unfinished_an_empty_and_a_segmented_one(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "b.mcap", INFO)
    for message, arrived_ns in messages(30):
        writer.write(message, arrived_ns)
    told = json.loads(run("info", tmp_path / "b.mcap.part", "--json"))
    assert told["complete"] is False
    assert told["streams"]["sr"]["messages"] > 15
    assert "unfinished" in run("info", tmp_path / "b.mcap.part")
    writer.close()
    told = json.loads(run("info", recorded(tmp_path / "empty.mcap", 0), "--json"))
    assert (told["start_ns"], told["end_ns"], told["duration_s"]) == (None, None, 0.0)
    record(SegmentWriter(tmp_path / "s", INFO, segment_s=0.5), messages(30))
    told = json.loads(run("info", tmp_path / "s", "--json"))
    assert told["segments"] == 2
    assert told["streams"]["visible"]["messages"] == 30
    assert told["complete"] is True


def test_recover_says_what_it_kept(path: Path, tmp_path: Path) -> None:
    broken = tmp_path / "b.mcap"
    broken.write_bytes(path.read_bytes()[:-5000])
    said = run("recover", broken, "--output", tmp_path / "c.mcap")
    assert "c.mcap: " in said
    assert "left out: " in said
    assert RecordingReader(tmp_path / "c.mcap").complete
    with pytest.raises(RecordingError, match="exists already"):
        run("recover", broken, "--output", tmp_path / "c.mcap")


def test_csv_has_one_true_line_a_picture(path: Path, tmp_path: Path) -> None:
    run("export", path, "--to", "csv", "--output", tmp_path / "a.csv")
    rows = rows_of(tmp_path / "a.csv")
    assert len(rows) == 30
    original = result(7)
    celsius = original.pixels * 0.01 + 0.5 - 273.15
    row = rows[7]
    assert row["unit"] == "celsius"
    assert row["mode"] == "guided"
    assert float(row["max"]) == pytest.approx(celsius.max(), abs=1e-3)
    assert float(row["mean"]) == pytest.approx(celsius.mean(), abs=1e-3)
    assert celsius[int(row["hottest_y"]), int(row["hottest_x"])] == celsius.max()
    assert celsius[int(row["coldest_y"]), int(row["coldest_x"])] == celsius.min()
    assert float(row["seconds"]) == pytest.approx(7 * PERIOD / 1e9, abs=1e-6)


def test_tiff_keeps_counts_and_tells_celsius(path: Path, tmp_path: Path) -> None:
    run("export", path, "--to", "tiff", "--stream", "thermal", "--output", tmp_path / "t.tif")
    with tifffile.TiffFile(tmp_path / "t.tif") as file:
        assert file.is_imagej
        stack, metadata = file.asarray(), file.imagej_metadata
    assert stack.shape == (30, 12, 16)
    assert stack.dtype == np.uint16
    assert metadata is not None
    assert (metadata["cf"], metadata["vunit"]) == (0, "C")
    assert metadata["c0"] == pytest.approx(0.5 - 273.15)
    assert (metadata["c1"], metadata["gain_k"], metadata["offset_k"]) == (0.01, 0.01, 0.5)
    kept = [one.message for one in RecordingReader(path).read(("thermal",))]
    np.testing.assert_array_equal(stack, [one.pixels for one in kept if isinstance(one, Frame)])
    run("export", path, "--to", "tiff", "--output", tmp_path / "folder")
    files = sorted((tmp_path / "folder").iterdir())
    assert len(files) == 30
    np.testing.assert_array_equal(tifffile.imread(files[3]), result(3).pixels)


def test_png_is_lossless(path: Path, tmp_path: Path) -> None:
    run("export", path, "--to", "png", "--output", tmp_path / "p")
    files = sorted((tmp_path / "p").iterdir())
    assert [one.name for one in files][:2] == ["00000000.png", "00000001.png"]
    read = cv2.imread(str(files[5]), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(read, result(5).pixels)


def test_ffv1_is_lossless_and_tells_the_true_times(path: Path, tmp_path: Path) -> None:
    run("export", path, "--to", "ffv1", "--output", tmp_path / "a.mkv")
    video = cv2.VideoCapture(str(tmp_path / "a.mkv"), cv2.CAP_FFMPEG, [cv2.CAP_PROP_CONVERT_RGB, 0])
    for index in range(30):
        done, picture = video.read()
        assert done
        np.testing.assert_array_equal(picture.reshape(24, 32), result(index).pixels)
    assert not video.read()[0]
    rows = rows_of(tmp_path / "a.times.csv")
    assert float(rows[29]["seconds"]) == pytest.approx(29 * PERIOD / 1e9, abs=1e-6)


def test_mp4_is_coloured_and_as_long_as_the_recording(path: Path, tmp_path: Path) -> None:
    kept = [one for one in messages(60) if getattr(one.message, "sequence", 0) not in range(20, 40)]
    record(RecordingWriter(tmp_path / "gap.mcap", INFO), kept)
    said = run("export", tmp_path / "gap.mcap", "--to", "mp4", "--span", "17..37")
    assert said.strip() == str(tmp_path / "gap.sr.mp4")
    video = cv2.VideoCapture(str(tmp_path / "gap.sr.mp4"))
    length_s = video.get(cv2.CAP_PROP_FRAME_COUNT) / video.get(cv2.CAP_PROP_FPS)
    assert length_s == pytest.approx(60 * PERIOD / 1e9, abs=0.1)
    done, picture = video.read()
    assert done
    assert picture.shape == (240, 320, 3)
    assert np.ptp(picture, axis=2).max() > 60


def test_mp4_of_the_visible_and_of_a_part(path: Path, tmp_path: Path) -> None:
    arguments = ("--start", "0.3", "--end", "0.6", "--output", tmp_path / "v.mp4")
    run("export", path, "--to", "mp4", "--stream", "visible", *arguments)
    video = cv2.VideoCapture(str(tmp_path / "v.mp4"))
    assert video.get(cv2.CAP_PROP_FRAME_COUNT) == pytest.approx(9, abs=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "mp4", "--palette", "mauve"), "palette mauve: a file or one of iron"),
        (("--to", "csv", "--stream", "visible"), "visible has no degrees"),
        (("--to", "ffv1", "--output", "x.ffv1"), r"suffixes .mkv, .*or .nut; .ffv1 came"),
        (("--to", "mp4", "--output", "film"), r"takes the suffixes .mp4, .* or .avi; none came"),
        (("--to", "csv", "--start", "50"), "has no picture in this part"),
        (("--to", "csv", "--output", "/nowhere/x.csv"), "No such file or directory"),
    ],
)
def test_an_export_that_cannot_be_is_one_error(
    path: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    if "--output" not in arguments:
        arguments = (*arguments, "--output", str(tmp_path / "x.mp4"))
    with pytest.raises(RecordingError, match=words):
        run("export", path, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_an_export_writes_over_nothing(path: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("mine")
    with pytest.raises(RecordingError, match="exists already"):
        run("export", path, "--to", "csv", "--output", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text() == "mine"


@pytest.mark.parametrize("span", ["warm", "3", "40..20"])
def test_a_span_typed_wrong_is_wrong_usage(path: Path, span: str) -> None:
    run("export", path, "--to", "mp4", "--span", span, code=2)


def video(path: Path, frames: int, size: tuple[int, int]) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25, size)
    base = cv2.resize(np.random.default_rng(3).integers(0, 255, (6, 8, 3), np.uint8), size)
    for index in range(frames):
        writer.write(np.roll(base, 2 * index, axis=1))
    writer.release()
    return path


def test_a_pair_of_videos_becomes_a_recording(tmp_path: Path) -> None:
    sources = (video(tmp_path / "v.mp4", 25, (96, 64)), video(tmp_path / "t.mp4", 20, (64, 48)))
    run("import", *sources, "--thermal-bin", "4", "--output", tmp_path / "a.mcap")
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.complete
    assert reader.streams == ("visible", "thermal", "truth")
    tally = reader.tally()
    assert {name: one.messages for name, one in tally.streams.items()} == {
        "visible": 25,
        "thermal": 20,
        "truth": 20,
    }
    assert tally.streams["visible"].rate_hz() == pytest.approx(25, abs=0.1)
    first = next(iter(reader.read(("thermal",)))).message
    assert isinstance(first, Frame)
    assert (first.pixels.shape, first.pixel_format) == ((12, 16), PixelFormat.MONO8)
    assert reader.info.cameras["visible"].width == 96
    times = [one.arrived_ns for one in reader.read()]
    assert times == sorted(times)


def test_a_data_folder_becomes_a_recording(tmp_path: Path) -> None:
    counts = np.random.default_rng(1).integers(28000, 32000, (3, 12, 16), np.uint16)
    for name in ("visible", "thermal"):
        (tmp_path / "data" / name).mkdir(parents=True)
    for index in range(3):
        cv2.imwrite(str(tmp_path / f"data/thermal/{index}.png"), counts[index])
        cv2.imwrite(str(tmp_path / f"data/visible/{index}.png"), np.zeros((24, 32, 3), np.uint8))
    gain = ("--set", "capture.thermal.gain_k=0.01")
    run("import", tmp_path / "data", *gain, "--output", tmp_path / "a.mcap")
    frames = [one.message for one in RecordingReader(tmp_path / "a.mcap").read(("thermal",))]
    assert len(frames) == 3
    for index, frame in enumerate(frames):
        assert isinstance(frame, Frame)
        np.testing.assert_array_equal(frame.pixels, counts[index])
        assert frame.radiometry is not None


def test_an_import_that_cannot_be_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_bytes(b"no video")
    output = tmp_path / "a.mcap"
    with pytest.raises(CorefusionError, match=r"v\.mp4"):
        run("import", tmp_path / "v.mp4", tmp_path / "v.mp4", "--output", output)
    with pytest.raises(CorefusionError, match=r"v\.mp4 is not a video"):
        run("import", tmp_path / "v.mp4", "--output", output)
    with pytest.raises(RecordingError, match="3 other sources came"):
        run("import", *3 * [tmp_path / "v.mp4"], "--output", output)
    with pytest.raises(RecordingError, match=r"gone\.mp4 does not exist"):
        run("import", tmp_path / "v.mp4", tmp_path / "gone.mp4", "--output", output)
    assert [one.name for one in tmp_path.iterdir()] == ["v.mp4"]


def flir_stand_in(path: Path) -> Path:
    path.write_bytes(b"\xff\xd8\xff\xe1\x00\x20FLIR\x00" + bytes(64))
    return path


def test_without_its_library_a_flir_jpeg_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "flyr", None)
    source = flir_stand_in(tmp_path / "a.jpg")
    with pytest.raises(RecordingError, match=r"pip install 'corefusion-live\[flir\]'"):
        run("import", source, "--output", tmp_path / "a.mcap")


def test_a_jpeg_that_only_looks_radiometric_is_one_error(tmp_path: Path) -> None:
    pytest.importorskip("flyr")
    source = flir_stand_in(tmp_path / "a.jpg")
    with pytest.raises(RecordingError, match="flyr cannot read it"):
        run("import", source, "--output", tmp_path / "a.mcap")


@pytest.mark.skipif(
    not RADIOMETRIC.is_dir(), reason="the radiometric JPEGs are not on this machine"
)
def test_flir_jpegs_become_a_recording_with_temperatures(tmp_path: Path) -> None:
    pytest.importorskip("flyr")
    sources = sorted(RADIOMETRIC.glob("*.jpg"))
    run("import", *sources, "--output", tmp_path / "a.mcap")
    found = [one.message for one in RecordingReader(tmp_path / "a.mcap").read(("thermal",))]
    sizes = [one.pixels.shape for one in found if isinstance(one, Frame)]
    assert sizes == [(60, 80), (320, 240)]
    hottest = [one.radiometry.celsius(one.pixels.max()) for one in found]
    assert hottest == pytest.approx([25.47, 62.32], abs=0.01)
    assert found[0].metadata["emissivity"] == pytest.approx(0.95)
