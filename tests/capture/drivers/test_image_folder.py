import numpy as np
import pytest

from capture.camera import CameraError, EndOfStream
from capture.drivers.image_folder import ImageFolder
from streamer.messages import PixelFormat
from tests.capture.camera_contract import ORIGIN_NS, RecordedContract
from tests.capture.sources import picture, thermal_config, visible_config, write_folder


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
