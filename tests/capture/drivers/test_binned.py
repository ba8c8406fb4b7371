import numpy as np
import pytest

from capture.camera import CameraError
from capture.drivers.binned import Binned
from capture.drivers.image_folder import ImageFolder
from tests.capture.camera_contract import RecordedContract
from tests.capture.sources import picture, thermal_config, write_folder


class TestBinned(RecordedContract):
    @pytest.fixture
    def camera(self, tmp_path):
        return binned(tmp_path, 8)

    @pytest.fixture
    def broken(self, tmp_path):
        return binned(tmp_path, 49)


def binned(tmp_path, times):
    folder = write_folder(tmp_path / "t", grey=True)
    return Binned(ImageFolder(folder, "thermal", thermal_config()), times)


def test_a_binned_pixel_is_the_rounded_mean_of_its_block(tmp_path):
    camera = binned(tmp_path, 8)
    camera.open()
    capture = camera.read()
    full = picture(0)[..., 0]
    means = full.reshape(6, 8, 8, 8).mean(axis=(1, 3))
    assert np.abs(capture.pixels - means).max() <= 0.5
    assert np.array_equal(capture.truth, full)


def test_what_is_no_multiple_is_cut_off_at_the_bottom_and_right(tmp_path):
    camera = binned(tmp_path, 5)
    info = camera.open()
    capture = camera.read()
    assert (info.width, info.height) == (12, 9)
    assert capture.pixels.shape == (9, 12)
    assert np.array_equal(capture.truth, picture(0)[:45, :60, 0])


def test_a_bin_larger_than_the_picture_says_so(tmp_path):
    with pytest.raises(CameraError, match="64x48 is smaller than one binned pixel"):
        binned(tmp_path, 49).open()
