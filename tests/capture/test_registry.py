import pytest

from capture.camera import CameraError
from capture.drivers.binned import Binned
from capture.drivers.image_folder import ImageFolder
from capture.drivers.simulated import SimulatedThermal, SimulatedVisible
from capture.drivers.usb.uvc import UvcCamera
from capture.drivers.video_file import VideoFile
from capture.registry import open_driver
from streamer.config.loading import load_config
from tests.capture.sources import write_video


def driver(stream, source, *more):
    return open_driver(stream, load_config(None, [f"capture.{stream}.source='{source}'", *more]))


def test_sources_mean_drivers(tmp_path):
    assert isinstance(driver("visible", "sim"), SimulatedVisible)
    assert isinstance(driver("thermal", "sim"), SimulatedThermal)
    assert isinstance(driver("thermal", "sim", "capture.thermal.bin=2"), Binned)
    assert isinstance(driver("visible", tmp_path), ImageFolder)
    assert isinstance(driver("visible", write_video(tmp_path / "v.mp4")), VideoFile)
    for device in ("0", "/dev/video2", "1e4e:0100"):
        assert isinstance(driver("visible", device), UvcCamera)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("walk.mcap", "does not exist"),
        ("/nowhere/walk.mp4", "/nowhere/walk.mp4 does not exist"),
        ("walk.mp4", "walk.mp4 does not exist"),
        ("webcam", "webcam is no source: sim, a device"),
    ],
)
def test_other_sources_say_what_is_wrong(source, words):
    with pytest.raises(CameraError, match=words):
        driver("visible", source)
