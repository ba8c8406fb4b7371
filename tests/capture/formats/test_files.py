"""The same frames from a video, a folder and a raw file: the same pictures, degrees and shutter."""

import cv2
import numpy as np
import pytest

from capture.camera import CameraError, EndOfStream
from capture.drivers.raw_file import RawFile
from capture.registry import open_driver
from streamer.config.loading import load_config
from streamer.messages import FrameFlag, Radiometry
from tests.capture.camera_contract import ORIGIN_NS, RecordedContract
from tests.capture.sources import thermal_config
from tests.support import thermal_frames as frames
from tests.support.thermal_frames import as_words, gradient

PICTURES = [gradient(160, 120, 28_500, 31_000, seed=seed) for seed in range(3)]
LEPTON = [
    frames.lepton(picture, counter=3 * index, ffc_state=2 if index == 1 else 3)
    for index, picture in enumerate(PICTURES)
]
_256 = [gradient(256, 192, 280 * 64, 320 * 64, seed=seed) for seed in range(3)]


def write_raw(path, data=LEPTON):
    path.write_bytes(b"".join(data))
    return path


def write_pictures(path, data=LEPTON, columns=160):
    path.mkdir()
    for index, frame in enumerate(data):
        assert cv2.imwrite(str(path / f"f{index}.png"), as_words(frame, columns))
    return path


def write_grey_video(path, data=LEPTON, columns=160):
    words = [as_words(frame, columns) for frame in data]
    writer = cv2.VideoWriter(
        str(path),
        cv2.CAP_FFMPEG,
        cv2.VideoWriter.fourcc(*"FFV1"),
        25.0,
        (columns, len(words[0])),
        [cv2.VIDEOWRITER_PROP_DEPTH, cv2.CV_16U, cv2.VIDEOWRITER_PROP_IS_COLOR, 0],
    )
    assert writer.isOpened()
    for each in words:
        writer.write(each)
    writer.release()
    return path


def write_yuyv_video(path, data=None):
    path.write_bytes(frames.yuyv_avi(data or list(map(frames.double_height, _256)), 256, 384))
    return path


def captures(source, *settings):
    config = load_config(None, [f"capture.thermal.source={source}", *settings])
    taken = []
    with open_driver("thermal", config) as camera:
        camera.open()
        camera.start(ORIGIN_NS, ORIGIN_NS)
        while True:
            try:
                taken.append(camera.read())
            except EndOfStream:
                return taken, camera.losses.counts


class TestRawFile(RecordedContract):
    @pytest.fixture
    def camera(self, tmp_path):
        data = [frames.lepton(gradient(80, 60, 28_500, 31_000, seed=seed)) for seed in range(8)]
        return RawFile(write_raw(tmp_path / "f.raw", data), "thermal", thermal_config())

    @pytest.fixture
    def broken(self, tmp_path):
        (tmp_path / "f.bin").write_bytes(b"three")
        return RawFile(tmp_path / "f.bin", "thermal", thermal_config())


@pytest.mark.parametrize(
    "write", [write_raw, write_pictures, write_grey_video], ids=["raw", "pictures", "video"]
)
def test_a_leptons_frames_mean_the_same_in_every_kind_of_file(write, tmp_path):
    source = write(tmp_path / ("f.raw" if write is write_raw else "f.mkv"))
    taken, lost = captures(source)
    assert all(np.array_equal(a.pixels, b) for a, b in zip(taken, PICTURES, strict=True))
    assert [each.radiometry for each in taken] == [Radiometry(0.01, 0.0)] * 3
    assert [each.flags for each in taken] == [(), (FrameFlag.FFC,), ()]
    assert [each.metadata["sensor_counter"] for each in taken] == [0, 3, 6]
    assert not lost


def test_counts_hidden_in_a_yuyv_video_are_found(tmp_path):
    taken, _ = captures(write_yuyv_video(tmp_path / "p2pro.avi"))
    assert all(np.array_equal(a.pixels, b) for a, b in zip(taken, _256, strict=True))
    assert taken[0].radiometry == Radiometry(1 / 64, 0.0)


def test_a_known_layout_comes_before_a_picture_above_its_heat(tmp_path, caplog):
    data = list(map(frames.double_height, _256))
    known, _ = captures(write_pictures(tmp_path / "known", data, 256))
    assert all(np.array_equal(a.pixels, b) for a, b in zip(known, _256, strict=True))
    assert known[0].radiometry == Radiometry(1 / 64, 0.0)
    assert "above each other" not in caplog.text
    small = [frames.double_height(picture[:120, :160]) for picture in _256]
    unknown, _ = captures(write_pictures(tmp_path / "unknown", small, 160))
    assert all(np.array_equal(a.pixels, b[:120, :160]) for a, b in zip(unknown, _256, strict=True))
    assert unknown[0].radiometry is None
    assert caplog.text.count("above each other") == 1
    whole, _ = captures(tmp_path / "unknown", "capture.thermal.format=y16")
    assert whole[0].pixels.shape == (240, 160)


def test_a_yuyv_video_of_brightness_stays_one(tmp_path):
    data = [frames.yuyv_grey(64, 48)] * 2
    path = tmp_path / "grey.avi"
    path.write_bytes(frames.yuyv_avi(data, 64, 48))
    taken, _ = captures(path)
    assert [each.pixels.dtype.name for each in taken] == ["uint8"] * 2
    assert taken[0].pixels.shape == (48, 64)


@pytest.mark.parametrize("write", [write_raw, write_pictures, write_grey_video])
def test_a_frame_that_is_torn_is_left_out_and_counted(write, tmp_path):
    torn = np.full((122, 160), 7000, "<u2").tobytes()
    name = {write_raw: "f.raw", write_pictures: "f", write_grey_video: "f.mkv"}[write]
    source = write(tmp_path / name, [LEPTON[0], torn, LEPTON[2]])
    taken, lost = captures(source)
    assert [each.sequence for each in taken] == [0, 2]
    assert lost == {"pixel format": 1}


def test_a_raw_file_that_is_cut_while_it_is_played_loses_what_is_gone(tmp_path):
    path = write_raw(tmp_path / "f.raw")
    config = load_config(None, [f"capture.thermal.source={path}"])
    with open_driver("thermal", config) as camera:
        assert camera.open().frames == 3
        camera.start(ORIGIN_NS, ORIGIN_NS)
        camera.read()
        path.write_bytes(LEPTON[0] + LEPTON[1][:100])
        with pytest.raises(EndOfStream):
            camera.read()
        assert camera.losses.counts == {"pixel format": 2}


def test_a_raw_file_that_was_cut_off_is_played_up_to_there(tmp_path):
    path = tmp_path / "f.raw"
    path.write_bytes(b"".join(LEPTON)[:-100])
    taken, lost = captures(path)
    assert len(taken) == 2
    assert lost == {"undecodable": 1}


def test_plain_raw_frames_have_the_size_that_is_set(tmp_path):
    picture = gradient(100, 70, 0, 60_000)
    path = write_raw(tmp_path / "plain.raw", [picture.astype("<u2").tobytes()] * 2)
    size = ("capture.thermal.width=100", "capture.thermal.height=70")
    taken, _ = captures(path, *size)
    assert len(taken) == 2
    assert np.array_equal(taken[0].pixels, picture)
    assert taken[0].radiometry is None
    degrees, _ = captures(path, *size, "capture.thermal.gain_k=0.04")
    assert degrees[0].radiometry == Radiometry(0.04, 0.0)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            ["capture.thermal.format=boson"],
            r"f.raw of 117120 bytes: whole frames of capture.thermal.format boson wanted, and none "
            r"fits; plain frames are of .*\(160x120 now\), format y16",
        ),
        (["capture.thermal.format=leptom"], "format leptom: auto, lepton, boson"),
        (["capture.thermal.gain_k=0.5"], "states gain_k 0.01, .* and the setting gain_k 0.5"),
    ],
)
def test_a_setting_that_does_not_fit_says_so_in_a_sentence(settings, words, tmp_path):
    with pytest.raises(CameraError, match=words):
        captures(write_raw(tmp_path / "f.raw"), *settings)


def test_a_picture_of_another_size_names_the_format_and_what_came(tmp_path):
    folder = write_pictures(tmp_path / "f")
    words = r"format boson wants frames of 640x514.*, 160x122 of 16 bits came; .*fit: lepton"
    with pytest.raises(CameraError, match=words):
        captures(folder, "capture.thermal.format=boson")


def test_a_raw_file_is_no_visible_source(tmp_path):
    path = write_raw(tmp_path / "f.raw")
    config = load_config(None, [f"capture.visible.source={path}"])
    with pytest.raises(CameraError, match="frames of a thermal camera; a video wanted here"):
        open_driver("visible", config).open()
