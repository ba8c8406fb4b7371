import os

import pytest

from capture.discovery import find_cameras, lasting_name, list_devices, pair_of
from capture.discovery.modes import Mode, list_modes
from tests.support.fake_v4l2 import LEPTON, TC001, WEBCAM, FakeKernel


@pytest.fixture
def kernel(tmp_path):
    return FakeKernel(tmp_path)


def found(kernel):
    return find_cameras(kernel.sysfs, kernel.dev, kernel.proc, kernel.ioctl, kernel.usb)


def test_a_nodes_modes_are_those_that_the_kernel_lists(kernel):
    node = kernel.plug(0, "UVC", modes=TC001)
    assert list_modes(node, kernel.ioctl) == (
        Mode("YUYV", 256, 192, (25.0,)),
        Mode("YUYV", 256, 384, (25.0,)),
    )
    assert str(list_modes(node, kernel.ioctl)[1]) == "YUYV 256x384 25 Hz"


def test_cameras_are_described_by_what_they_are(kernel):
    kernel.plug(0, "Webcam HD", "046d:0825", modes=WEBCAM, serial="A1", by_id="usb-Webcam-index0")
    kernel.plug(1, "Webcam HD", "046d:0825", index=1, serial="A1")
    kernel.plug(2, "USB Camera", "0bda:5830", modes=TC001, port="1-2")
    webcam, thermal = found(kernel)
    assert (webcam.role, thermal.role) == ("visible", "thermal")
    assert webcam.source == webcam.by_id == str(kernel.dev / "v4l/by-id/usb-Webcam-index0")
    assert (webcam.usb_id, webcam.serial) == ("046d:0825", "A1")
    assert thermal.known == "InfiRay P2 Pro or Topdon TC001"
    assert (thermal.format, thermal.source) == ("double_height", "0bda:5830")
    assert thermal.config == (
        "capture:",
        "  thermal:",
        "    source: 0bda:5830",
        "    format: double_height",
        "    width: 256",
        "    height: 192",
        "    rate_hz: 25",
    )
    assert pair_of([webcam, thermal]) == pair_of([thermal, webcam]) == (webcam, thermal)
    assert pair_of([webcam]) is pair_of([webcam, webcam]) is None


def test_an_unknown_camera_that_gives_counts_is_taken_for_thermal(kernel):
    kernel.plug(0, "Some core", "1234:5678", modes={"Y16 ": {(320, 240): [50]}})
    (camera,) = found(kernel)
    assert (camera.role, camera.format, camera.known) == ("thermal", "", "")
    assert camera.config[3:] == ("    width: 320", "    height: 240", "    rate_hz: 30")


def test_telemetry_is_asked_for_where_a_lepton_offers_it(kernel):
    kernel.plug(0, "PureThermal", "1e4e:0100", modes=LEPTON)
    (camera,) = found(kernel)
    assert camera.format == "lepton"
    assert camera.config[4:6] == ("    width: 160", "    height: 120")


def test_a_thermal_camera_that_is_no_video_device_is_named_with_what_it_needs(kernel):
    kernel.plug_without_video("1-4", "09cb:1996")
    kernel.plug_without_video("1-5", "1d6b:0002")
    (kernel.usb / "1-4:1.0").mkdir()
    (camera,) = found(kernel)
    assert (camera.known, camera.usb_id, camera.allowed) == ("FLIR One", "09cb:1996", False)
    assert camera.advice.startswith("it is no video device: a driver of its own")
    assert (camera.source, camera.config) == ("", ())


def test_two_of_a_kind_are_told_apart_by_place(kernel):
    kernel.plug(0, "Webcam", "046d:0825", modes=WEBCAM, port="1-1")
    kernel.plug(1, "Webcam", "046d:0825", modes=WEBCAM, port="1-2")
    assert [camera.source for camera in found(kernel)] == ["/dev/video0", "/dev/video1"]


def test_a_camera_that_is_held_says_by_whom(kernel):
    kernel.plug(0, "Webcam", "046d:0825", modes=WEBCAM)
    kernel.hold(0, "firefox", 4711)
    (camera,) = found(kernel)
    assert camera.busy == ("firefox (4711)",)
    assert camera.advice == "firefox (4711) holds it: close that first"


def test_a_camera_that_may_not_be_opened_says_what_to_do(kernel, monkeypatch):
    kernel.plug(0, "Webcam", "046d:0825", modes=WEBCAM).chmod(0o600)
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests' user may be root
    (camera,) = found(kernel)
    assert not camera.allowed
    assert camera.modes == ()
    assert camera.advice.startswith("this user may not open it: sudo usermod -aG video $USER")
    assert pair_of([camera, camera]) is None


def test_a_number_becomes_a_name_that_lasts(kernel):
    kernel.plug(0, "Webcam", "046d:0825", serial="A1", by_id="usb-A1", by_path="pci-1")
    kernel.plug(1, "Core", "1234:5678", port="1-2")
    kernel.plug(2, "Twin", "0bda:5830", port="1-3", by_id="usb-Twin", by_path="pci-3")
    kernel.plug(3, "Twin", "0bda:5830", port="1-4", by_path="pci-4")
    kernel.plug(4, "Loopback")
    links = kernel.dev / "v4l"

    def name(source):
        return lasting_name(source, kernel.sysfs, kernel.dev)

    assert name("0") == name("/dev/video0") == str(links / "by-id" / "usb-A1")
    assert name("1") == "1234:5678"
    assert name("2") == str(links / "by-path" / "pci-3")  # its twin could get its name by id
    assert name("3") == str(links / "by-path" / "pci-4")
    for source in ("4", "9", "sim", "046d:0825", "v.mp4", "rtsp://camera/0"):
        assert name(source) == source


def test_a_camera_is_the_same_by_serial_number_else_by_port(kernel):
    kernel.plug(0, "A", "046d:0825", serial="1", port="1-1")
    kernel.plug(1, "B", "0bda:5830", port="1-2")
    serial, place = list_devices(kernel.sysfs)
    kernel.unplug(0)
    kernel.unplug(1)
    kernel.plug(0, "B", "0bda:5830", port="1-4")  # moved, and the only one of its kind
    kernel.plug(5, "A", "046d:0825", serial="1", port="1-3")
    now = list_devices(kernel.sysfs)
    assert serial.same_among(now).number == 5
    assert place.same_among(now).number == 0
    kernel.plug(6, "B", "0bda:5830", port="1-5")
    assert place.same_among(list_devices(kernel.sysfs)) is None  # which of them is it?
