import cv2
import numpy as np
import pytest

from capture.camera import CameraError, EndOfStream
from capture.drivers.video_file import VideoFile
from streamer.clock import NS_PER_S
from streamer.messages import PixelFormat, Radiometry
from tests.capture.camera_contract import ORIGIN_NS, RecordedContract
from tests.capture.sources import picture, thermal_config, visible_config, write_video
from tests.support.paths import DATA

RIG = DATA / "rig" / "0111_1716"


class TestVideoFile(RecordedContract):
    @pytest.fixture
    def camera(self, tmp_path):
        return VideoFile(write_video(tmp_path / "v.mp4"), "visible", visible_config())

    @pytest.fixture
    def broken(self, tmp_path):
        (tmp_path / "words.mp4").write_text("no video")
        return VideoFile(tmp_path / "words.mp4", "visible", visible_config())


class TestThermalVideoFile(RecordedContract):
    @pytest.fixture
    def camera(self, tmp_path):
        return VideoFile(write_video(tmp_path / "v.mp4"), "thermal", thermal_config())

    @pytest.fixture
    def broken(self, tmp_path):
        return VideoFile(tmp_path / "absent.mp4", "thermal", thermal_config())


def read_all(camera, limit=100):
    captures = []
    while len(captures) < limit:
        try:
            captures.append(camera.read())
        except EndOfStream:
            break
    return captures


def test_frames_are_the_files_own(tmp_path):
    camera = VideoFile(write_video(tmp_path / "v.mp4"), "visible", visible_config(rate_hz=5.0))
    info = camera.open()
    assert (info.rate_hz, info.pixel_format, info.live) == (25.0, PixelFormat.BGR8, False)
    for capture in read_all(camera):
        assert capture.pixels.mean() == pytest.approx(picture(capture.sequence).mean(), abs=3)


def test_a_loop_goes_on_in_time_and_sequence(tmp_path):
    camera = VideoFile(write_video(tmp_path / "v.mp4"), "visible", visible_config(loop=True))
    assert camera.open().frames is None
    camera.start(ORIGIN_NS, ORIGIN_NS)
    captures = read_all(camera, 20)
    assert [capture.sequence for capture in captures] == list(range(20))
    assert [capture.timestamp_ns - ORIGIN_NS for capture in captures] == [
        index * NS_PER_S // 25 for index in range(20)
    ]
    assert np.array_equal(captures[3].pixels, captures[11].pixels)
    camera.open()
    camera.start(ORIGIN_NS, ORIGIN_NS + captures[19].timestamp_ns - ORIGIN_NS)
    late = camera.read()
    assert (late.sequence, late.timestamp_ns) == (19, captures[19].timestamp_ns)
    assert np.array_equal(late.pixels, captures[19].pixels)


def test_sixteen_bits_stay_sixteen_bits(tmp_path):
    path = tmp_path / "counts.mkv"
    params = [cv2.VIDEOWRITER_PROP_DEPTH, cv2.CV_16U, cv2.VIDEOWRITER_PROP_IS_COLOR, 0]
    codec = cv2.VideoWriter.fourcc(*"FFV1")
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, codec, 9.0, (80, 60), params)
    if not writer.isOpened():
        pytest.skip("this OpenCV does not write 16-bit FFV1")
    counts = (np.arange(80 * 60).reshape(60, 80) + 29000).astype(np.uint16)
    for index in range(3):
        writer.write(counts + np.uint16(index))
    writer.release()
    camera = VideoFile(path, "thermal", thermal_config(gain_k=0.01))
    assert camera.open().pixel_format is PixelFormat.MONO16
    captures = read_all(camera)
    assert [np.array_equal(c.pixels, counts + c.sequence) for c in captures] == [True] * 3
    assert captures[0].radiometry == Radiometry(0.01, 0.0)


def test_a_coloured_thermal_video_is_warned_of(tmp_path, caplog):
    path = tmp_path / "iron.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, (64, 48))
    writer.write(cv2.applyColorMap(picture(4), cv2.COLORMAP_JET))
    writer.release()
    camera = VideoFile(path, "thermal", thermal_config())
    assert camera.open().pixel_format is PixelFormat.MONO8
    assert "no temperature" in caplog.text


def test_a_truncated_file_ends_early(tmp_path):
    path = write_video(tmp_path / "v.avi", frames=60, codec="MJPG")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    camera = VideoFile(path, "visible", visible_config())
    camera.open()
    assert 20 < len(read_all(camera)) < 50
    with pytest.raises(EndOfStream):
        camera.read()


def test_a_file_without_frames_says_so(tmp_path):
    path = write_video(tmp_path / "v.avi", frames=1, codec="MJPG")
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"movi") + 4])
    with pytest.raises(CameraError, match=r"v\.avi"):
        VideoFile(path, "visible", visible_config()).open()


@pytest.mark.skipif(not RIG.exists(), reason="no sample videos of a real rig beside the checkout")
def test_a_real_rig_gives_fitting_streams():
    visible = VideoFile(RIG / "visible.mp4", "visible", visible_config())
    thermal = VideoFile(RIG / "thermal.mp4", "thermal", thermal_config())
    infos = [visible.open(), thermal.open()]
    assert [info.frames for info in infos] == [151, 151]
    assert [info.pixel_format for info in infos] == [PixelFormat.BGR8, PixelFormat.MONO8]
    pairs = list(zip(read_all(visible, 200), read_all(thermal, 200), strict=True))
    assert len(pairs) == 151
    assert all(one.timestamp_ns == other.timestamp_ns for one, other in pairs)
