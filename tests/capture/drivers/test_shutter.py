"""Cameras that are asked to correct themselves: what the kernel is asked, and what is said."""

import pytest

from capture.camera import CameraError
from tests.support import thermal_frames as frames
from tests.support.fake_opencv import FakeCamera
from tests.support.thermal_frames import gradient


def asked(bench):
    """What the kernel was asked beside its lists: requests, and what stood in them."""
    return [(request, entry, behind) for _, request, entry, behind in bench.kernel.asked]


def test_a_lepton_is_asked_for_a_correction_by_its_extension_unit(bench):
    """_IOWR('u', 0x21) of 16 bytes: unit 6, selector 17, SET_CUR, one byte; padding as in C."""
    bench.lepton()
    with bench.driver("1e4e:0100") as camera:
        with pytest.raises(CameraError, match="before open"):
            camera.correct()
        camera.open()
        camera.correct()
        camera.read()
    ((request, entry, behind),) = asked(bench)
    assert request == 0xC0107521
    assert len(entry) == 16
    assert entry[:3] == bytes([6, 17, 0x01])
    assert entry[4:6] == b"\x01\x00"
    assert behind == b"\x00"


def test_a_firmware_whose_control_is_longer_is_asked_for_its_length(bench):
    bench.lepton()
    bench.kernel.unit_bytes = 4
    with bench.driver("1e4e:0100") as camera:
        camera.open()
        camera.correct()
    (_, first, _), (_, length, told), (_, second, behind) = asked(bench)
    assert (first[2], length[2], second[2]) == (0x01, 0x85, 0x01)
    assert (length[4:6], told) == (b"\x02\x00", b"\x04\x00")
    assert (second[4:6], behind) == (b"\x04\x00", bytes(4))


def test_an_xtherm_is_asked_by_its_zoom(bench):
    """_IOWR('V', 28) of 8 bytes: V4L2_CID_ZOOM_ABSOLUTE is 0x8000."""
    picture = gradient(384, 288, 7_000, 9_000)
    camera = FakeCamera("YUYV", 384, [frames.xtherm(picture, fpa=7_440, block_row=3)])
    modes = {"YUYV": {(384, 292): [25]}}
    bench.plug(0, camera, "T3S", "1514:0001", modes)
    with bench.driver("1514:0001") as driver:
        driver.open()
        driver.correct()
    assert asked(bench) == [(0xC008561C, bytes.fromhex("0d099a00 00800000"), b"")]


def test_a_camera_that_cannot_be_asked_says_so_and_goes_on(bench):
    bench.p2pro()
    with bench.driver("0bda:5830") as camera:
        camera.open()
        with pytest.raises(CameraError, match="has no shutter correction that can be"):
            camera.correct()
        camera.read()
    assert asked(bench) == []


def test_a_camera_that_refuses_says_which_and_why(bench):
    bench.lepton()
    bench.kernel.unit_bytes = 0  # no length will do
    with bench.driver("1e4e:0100") as camera:
        camera.open()
        with pytest.raises(CameraError, match="video0 does not take the request for a shutter"):
            camera.correct()
        camera.read()
