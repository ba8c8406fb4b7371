import numpy as np
import pytest

from capture.camera import CameraError, EndOfStream
from capture.drivers.image_folder import ImageFolder, Partner
from streamer.messages import PixelFormat
from streamer.pictures.losses import UNPAIRED
from tests.capture.camera_contract import ORIGIN_NS, RecordedContract
from tests.capture.sources import picture, thermal_config, visible_config, write_folder
from tests.support.pictures import fff_block


class TestImageFolder(RecordedContract):
    @pytest.fixture
    def camera(self, tmp_path):
        return ImageFolder(write_folder(tmp_path / "visible"), "visible", visible_config())

    @pytest.fixture
    def broken(self, tmp_path):
        return ImageFolder(tmp_path / "absent", "visible", visible_config())


class TestThermalFolder(RecordedContract):
    @pytest.fixture
    def camera(self, tmp_path):
        folder = write_folder(tmp_path / "thermal", dtype=np.uint16, grey=True)
        return ImageFolder(folder, "thermal", thermal_config(rate_hz=9.0))

    @pytest.fixture
    def broken(self, tmp_path):
        (tmp_path / "empty").mkdir()
        return ImageFolder(tmp_path / "empty", "thermal", thermal_config())


def test_images_come_in_the_order_of_their_numbers(tmp_path):
    camera = ImageFolder(write_folder(tmp_path / "v", frames=12), "visible", visible_config())
    camera.open()
    for index in range(12):
        assert np.array_equal(camera.read().pixels, picture(index))


def test_thermal_is_read_as_grey(tmp_path):
    folder = write_folder(tmp_path / "t", frames=2)
    camera = ImageFolder(folder, "thermal", thermal_config())
    assert camera.open().pixel_format is PixelFormat.MONO8
    assert np.array_equal(camera.read().pixels, picture(0)[..., 0])


def test_a_bad_image_is_passed_over_and_leaves_a_gap(tmp_path, caplog):
    folder = write_folder(tmp_path / "v", frames=6)
    (folder / "frame2.png").write_bytes(b"cut")
    (folder / "frame3.png").write_bytes(b"")
    camera = ImageFolder(folder, "visible", visible_config())
    assert camera.open().frames == 6
    assert [camera.read().sequence for _ in range(4)] == [0, 1, 4, 5]
    with pytest.raises(EndOfStream):
        camera.read()
    assert "frame2.png cannot be decoded" in caplog.text
    assert "frame3.png: it is empty" in caplog.text
    assert camera.losses.counts == {"undecodable": 2}


def test_a_bad_first_image_is_an_error_that_names_it(tmp_path):
    folder = write_folder(tmp_path / "v", frames=2)
    (folder / "frame0.png").write_bytes(b"cut")
    with pytest.raises(CameraError, match=r"frame0\.png cannot be decoded"):
        ImageFolder(folder, "visible", visible_config()).open()


def test_a_folder_that_became_unreadable_does_not_loop_for_ever(tmp_path):
    folder = write_folder(tmp_path / "v", frames=3)
    camera = ImageFolder(folder, "visible", visible_config(loop=True))
    camera.open()
    camera.start(ORIGIN_NS, ORIGIN_NS)
    assert [camera.read().sequence for _ in range(4)] == [0, 1, 2, 3]
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(CameraError, match="no image is readable"):
        camera.read()


def paired(tmp_path, stream, visible_hz=30.0, thermal_hz=9.0):
    """The driver of one side of two folders, the visible one without its second picture."""
    for side in ("visible", "thermal"):
        if not (tmp_path / side).exists():
            write_folder(tmp_path / side, frames=4, grey=side == "thermal")
    (tmp_path / "visible" / "frame1.png").unlink(missing_ok=True)
    other = "thermal" if stream == "visible" else "visible"
    rates = {"visible": visible_hz, "thermal": thermal_hz}
    make = thermal_config if stream == "thermal" else visible_config
    partner = Partner(tmp_path / other, rates[other])
    return ImageFolder(tmp_path / stream, stream, make(rate_hz=rates[stream]), partner)


def test_two_folders_have_the_moments_of_their_names(tmp_path, caplog):
    for stream, wanted in (("visible", [0, 2, 3]), ("thermal", [0, 1, 2, 3])):
        camera = paired(tmp_path, stream)
        assert camera.open().frames == 4
        camera.start(ORIGIN_NS, ORIGIN_NS)
        captures = [camera.read() for _ in wanted]
        assert [capture.sequence for capture in captures] == wanted
        assert [capture.timestamp_ns - ORIGIN_NS for capture in captures] == [
            round(sequence * 1e9 / 9) for sequence in wanted
        ]
        with pytest.raises(EndOfStream):
            camera.read()
    assert [UNPAIRED in capture.metadata for capture in captures] == [False, True, False, False]
    assert camera.losses.counts == {"no partner": 1}
    assert "frame1 has no visible partner" in caplog.text
    assert "moments of its partners by name: 9 Hz, not 30 Hz" in caplog.text


def test_the_first_picture_may_be_bad_where_many_are_good(tmp_path, caplog):
    folder = write_folder(tmp_path / "v", frames=20)
    (folder / "frame0.png").write_bytes(b"cut")
    camera = ImageFolder(folder, "visible", visible_config())
    assert camera.open().frames == 20
    assert camera.read().sequence == 1
    assert camera.losses.counts == {"undecodable": 1}
    assert caplog.text.count("frame0.png") == 1


def test_a_still_is_a_source(tmp_path):
    folder = write_folder(tmp_path / "t", frames=1, dtype=np.uint16, grey=True)
    camera = ImageFolder(folder / "frame0.png", "thermal", thermal_config())
    assert camera.open().frames == 1
    assert camera.read().pixels.dtype == np.uint16


def test_pictures_of_a_flir_sequence_have_their_own_times(tmp_path):
    taken = [(1_700_000_000, 0), (1_700_000_000, 111), (1_700_000_000, 223), (1_700_000_001, 5)]
    frame = np.full((6, 8), 9000, np.uint16)
    path = tmp_path / "a.seq"
    pairs = zip(taken, "<>><", strict=True)
    blocks = [fff_block(frame, taken=at, order=order) for at, order in pairs]
    path.write_bytes(b"".join(blocks))
    with ImageFolder(path, "thermal", thermal_config(rate_hz=30.0, loop=True)) as camera:
        assert camera.open().rate_hz == pytest.approx(1000 / 112)
        camera.start(ORIGIN_NS, ORIGIN_NS)
        due_ms = [(camera.read().timestamp_ns - ORIGIN_NS) / 1e6 for _ in range(6)]
        assert due_ms == [0, 111, 223, 1005, 1117, 1228]
        camera.start(ORIGIN_NS, ORIGIN_NS + 112 * 10**6)
        assert camera.read().timestamp_ns - ORIGIN_NS == 223 * 10**6
    path.write_bytes(b"".join(reversed(blocks)))  # no times that rise
    with ImageFolder(path, "thermal", thermal_config(rate_hz=30.0)) as camera:
        assert camera.open().rate_hz == 30.0
