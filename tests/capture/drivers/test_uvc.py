import pytest

from capture.camera import CameraError
from capture.discovery import find_usb, list_devices
from capture.drivers.uvc import UvcCamera
from tests.capture.sources import thermal_config, visible_config


@pytest.fixture
def sysfs(tmp_path):
    """A webcam with a metadata node, and a thermal camera whose number is lower."""
    root = tmp_path / "class" / "video4linux"
    root.mkdir(parents=True)
    rows = [
        (2, "Webcam HD", "046D", "0825", "usb1/1-1", 0),
        (3, "Webcam HD", "046D", "0825", "usb1/1-1", 1),
        (0, "PureThermal (fw:v1.3.0)", "1e4e", "0100", "usb1/1-2", 0),
    ]
    for number, name, vendor, product, port, index in rows:
        usb = tmp_path / "devices" / port
        interface = usb / f"{usb.name}:1.{index}"
        interface.mkdir(parents=True)
        (usb / "idVendor").write_text(f"{vendor}\n")
        (usb / "idProduct").write_text(f"{product}\n")
        entry = root / f"video{number}"
        entry.mkdir()
        (entry / "name").write_text(f"{name}\n")
        (entry / "index").write_text(f"{index}\n")
        (entry / "device").symlink_to(interface)
    (root / "video7").mkdir()  # a virtual device: no USB above it
    return root


def test_cameras_are_found_by_what_they_are(sysfs):
    assert find_usb("046d:0825", sysfs).path == "/dev/video2"
    assert find_usb("1E4E:0100", sysfs).path == "/dev/video0"
    assert find_usb("dead:beef", sysfs) is None
    assert [device.number for device in list_devices(sysfs)] == [0, 2, 3, 7]
    assert list_devices(sysfs)[3].usb_id is None
    assert list_devices(sysfs / "absent") == []


@pytest.mark.parametrize("source", ["9", "/dev/video9"])
def test_an_absent_device_says_so_at_once_and_what_there_is(source, sysfs, tmp_path):
    camera = UvcCamera(source, "visible", visible_config(), 1.0, sysfs=sysfs, dev=tmp_path)
    with pytest.raises(CameraError, match=r"/dev/video9 is not there; .*PureThermal.*1e4e:0100"):
        camera.open()
    camera.close()


def test_an_absent_usb_camera_says_so(sysfs):
    camera = UvcCamera("dead:beef", "thermal", thermal_config(), 1.0, sysfs=sysfs)
    with pytest.raises(CameraError, match="no camera dead:beef is connected; cameras here"):
        camera.open()


def test_a_node_that_is_no_camera_says_so(sysfs, tmp_path):
    (tmp_path / "video0").write_bytes(b"")
    camera = UvcCamera("1e4e:0100", "thermal", thermal_config(), 1.0, sysfs=sysfs, dev=tmp_path)
    with pytest.raises(CameraError, match=r"video0 cannot be opened"):
        camera.open()
    with pytest.raises(CameraError, match="before open"):
        camera.read()
