"""The driver of devices, against a kernel made of files and an OpenCV with its quirks."""

import os
import threading
import time
from itertools import pairwise

import numpy as np
import pytest

from capture.camera import CameraError
from capture.discovery import find_usb, list_devices
from capture.drivers.usb.uvc import UvcCamera
from streamer.clock import NS_PER_S, now_ns
from streamer.messages import FrameFlag, PixelFormat, ProcessState, Radiometry
from tests.capture.drivers.uvc_bench import PICTURES, lepton_frames
from tests.capture.live_run import LiveRun
from tests.capture.sources import thermal_config
from tests.support import thermal_frames as frames
from tests.support.fake_opencv import FakeCamera, FakeOpenCv, wait_until
from tests.support.fake_v4l2 import LEPTON
from tests.support.thermal_frames import gradient


def read_on(camera):
    """Reads until that fails."""
    for _ in range(10_000):
        camera.read()


def test_a_leptons_telemetry_is_no_picture_and_its_sensor_counts(bench):
    bench.lepton(data=lepton_frames(ffc_state=2))
    with bench.driver("1e4e:0100") as camera:
        info = camera.open()
        captures = [camera.read() for _ in range(3)]
    assert (info.width, info.height, info.pixel_format) == (160, 120, PixelFormat.MONO16)
    for capture in captures:
        assert any(np.array_equal(capture.pixels, picture) for picture in PICTURES)
        assert capture.radiometry == Radiometry(0.01, 0.0)
        assert capture.flags == (FrameFlag.FFC,)
        assert capture.metadata["ffc_state"] == "in progress"
    assert captures[1].sequence > captures[0].sequence


def test_a_picture_that_a_lepton_sends_three_times_counts_once(bench):
    bench.lepton(data=lepton_frames(times=3))
    with bench.driver("1e4e:0100") as camera:
        camera.open()
        captures = [camera.read() for _ in range(6)]
        assert camera.duplicates >= 8
    for one, other in pairwise(captures):
        assert not np.array_equal(one.pixels, other.pixels)


def test_the_lower_half_of_a_p2_pro_is_its_temperatures(bench):
    picture = gradient(256, 192, 280 * 64, 320 * 64)
    bench.p2pro(data=[frames.double_height(picture)])
    with bench.driver("0bda:5830") as camera:
        info = camera.open()
        capture = camera.read()
    assert (info.width, info.height, info.rate_hz) == (256, 192, 25.0)
    assert np.array_equal(capture.pixels, picture)
    assert capture.radiometry == Radiometry(1 / 64, 0.0)


def test_an_ht_301_is_told_to_send_its_counts(bench):
    picture = gradient(384, 288, 6_000, 9_000)
    camera = FakeCamera("YUYV", 384, [frames.xtherm(picture, fpa=7_440, block_row=3)])
    camera.raw_command = 0x8004
    bench.plug(0, camera, "T3-317-13", "1514:0001", {"YUYV": {(384, 292): [25]}})
    with bench.driver("0") as driver:
        assert driver.open().height == 288
        capture = driver.read()
    assert np.array_equal(capture.pixels, picture)
    assert capture.metadata["fpa_celsius"] == 30.0


def test_a_torn_frame_is_left_out_and_counted_also_as_the_first(bench):
    good = lepton_frames()
    torn = gradient(160, 122, 7_000, 9_000).tobytes()
    bench.lepton(data=[torn, *good, torn])
    with bench.driver("1e4e:0100") as camera:
        assert camera.open().height == 120
        captures = [camera.read() for _ in range(8)]
        assert camera.losses.counts["pixel format"] >= 1
    assert all(capture.pixels.shape == (120, 160) for capture in captures)


def test_a_visible_camera_has_colours_and_the_drivers_time(bench):
    bench.webcam()
    with bench.driver("046d:0825", "visible") as camera:
        assert camera.open().pixel_format is PixelFormat.BGR8
        before_ns = now_ns()
        captures = [camera.read() for _ in range(6)][-3:]
    assert all(one.timestamp_ns < other.timestamp_ns for one, other in pairwise(captures))
    assert all(each.timestamp_ns > before_ns - NS_PER_S for each in captures)
    assert captures[2].sequence == captures[0].sequence + 2


def test_the_same_camera_is_waited_for_and_no_other_takes_its_place(bench):
    lepton = bench.lepton(0)
    webcam = bench.webcam(1)
    camera = bench.driver("0")
    camera.open()
    first = camera.read()
    bench.unplug(0)
    with pytest.raises(CameraError, match="gave no frame"):
        read_on(camera)
    camera.close()
    with pytest.raises(
        CameraError, match=r"camera 0 \(PureThermal\) is unplugged; cameras here: .*"
    ):
        camera.open()
    opened = webcam.opened
    bench.unplug(1)
    bench.webcam(0)  # another camera gets its number
    with pytest.raises(CameraError, match="is unplugged"):
        camera.open()
    assert webcam.opened == opened
    bench.plug(4, lepton, "PureThermal", "1e4e:0100", LEPTON, port="1-3")
    camera.open()
    again = camera.read()
    assert again.sequence > first.sequence
    assert again.pixels.shape == (120, 160)
    camera.close()


def test_what_is_missed_while_a_camera_is_away_is_told_at_its_own_pace(bench):
    picture = gradient(100, 70, 7_000, 8_000).tobytes()
    core = FakeCamera("Y16 ", 100, [picture], period_s=0.02)
    bench.plug(0, core, "Core", "1234:5678", {"Y16 ": {(100, 70): [240]}})
    camera = bench.driver("0", rate_hz=240)
    camera.open()
    before = [camera.read() for _ in range(12)][-1]
    camera.close()
    camera.open()
    after = camera.read()
    camera.close()
    away_s = (after.timestamp_ns - before.timestamp_ns) / NS_PER_S
    assert 0 < after.sequence - before.sequence <= 60 * away_s + 3


def test_a_read_that_never_returns_is_left_and_hangs_nobody(bench):
    lepton = bench.lepton()
    camera = bench.driver("0")
    camera.open()
    lepton.unplug()  # the system still lists it: a driver that hangs
    began = time.monotonic()
    with pytest.raises(CameraError, match=r"gave no frame within 0.3 s"):
        read_on(camera)
    camera.close()
    assert time.monotonic() - began < 5
    for left in (2, 3):  # each opens it anew, and is left as well
        lepton.plug()
        camera.open()
        lepton.unplug()
        wait_until(lambda left=left: lepton.blocked == left)
        camera.close()
    with pytest.raises(CameraError, match="its driver does not answer; plug it in again"):
        camera.open()
    lepton.let_go()
    lepton.plug()
    wait_until(lambda: _opens(camera))
    camera.close()


def _opens(camera):
    try:
        camera.open()
    except CameraError:
        return False
    return True


def test_success_after_a_failed_read_is_no_new_frame(bench):
    class Lying(FakeOpenCv):
        def __call__(self, path, *more):
            video = super().__call__(path, *more)
            read = video.read
            count = iter(range(1_000_000))

            def every_second_fails():
                if next(count) % 2 and video._last is not None:
                    time.sleep(0.001)
                    return True, video._last
                return read()

            video.read = every_second_fails
            return video

    bench.opencv = Lying()
    bench.lepton()
    with bench.driver("0", timeout_s=2.0) as camera:
        camera.open()
        captures = [camera.read() for _ in range(6)]
        assert camera._reader.stale >= 3
    stamps = [capture.timestamp_ns for capture in captures]
    assert len(set(stamps)) == len(stamps)


def test_a_format_that_another_program_changed_is_set_again(bench):
    lepton = bench.lepton()
    camera = bench.driver("1e4e:0100")
    camera.open()
    lepton.reformat(80, [frames.yuyv_grey(80, 60)])
    with pytest.raises(CameraError, match=r"format lepton wants frames of 160x122 .*, 80x60 of 16"):
        read_on(camera)
    camera.close()
    lepton.reformat(160, lepton_frames())
    assert camera.open().width == 160
    camera.close()


def test_a_size_that_a_camera_has_not_is_told_by_what_came(bench):
    bench.plug(
        0,
        FakeCamera("Y16 ", 100, [gradient(100, 70, 7_000, 8_000).tobytes()]),
        "Core",
        "1234:5678",
        {"Y16 ": {(100, 70): [30]}},
    )
    with bench.driver("0") as camera:
        assert (camera.open().width, camera.read().pixels.shape) == (100, (70, 100))
    with bench.driver("0", format="lepton") as camera:
        words = (
            r"format lepton wants frames of 160x122 or 80x63, 100x70 of 16 bits came; .*fit: y16"
        )
        with pytest.raises(CameraError, match=words):
            camera.open()


def test_a_camera_that_gives_no_counts_is_shown_without_degrees(bench, caplog):
    camera = bench.webcam(0)
    camera.frames = [np.random.default_rng(0).integers(0, 255, 64 * 48 * 2, np.uint8).tobytes()]
    with bench.driver("0") as driver:
        assert driver.open().pixel_format is PixelFormat.MONO8
        assert driver.read().radiometry is None
    assert "no temperatures come of them" in caplog.text


def test_a_thermal_camera_is_not_taken_as_the_visible_one(bench):
    bench.p2pro()
    words = r"visible source 0 is a thermal camera \(InfiRay P2 Pro or .*\): give it as --thermal"
    with pytest.raises(CameraError, match=words):
        bench.driver("0", "visible").open()


def test_a_busy_camera_says_so(bench):
    bench.lepton().busy = True
    with pytest.raises(CameraError, match=r"video0 cannot be opened: another program may hold it"):
        bench.driver("0").open()


def test_a_node_that_is_no_camera_says_so_with_the_real_opencv(bench):
    bench.kernel.plug(0, "Stale", "1e4e:0100")
    camera = UvcCamera(
        "1e4e:0100",
        "thermal",
        thermal_config(),
        2.0,
        sysfs=bench.kernel.sysfs,
        dev=bench.kernel.dev,
    )
    with pytest.raises(CameraError, match=r"video0 cannot be opened: another program may hold it"):
        camera.open()
    with pytest.raises(CameraError, match="before open"):
        camera.read()


def test_a_forbidden_camera_says_so(bench, monkeypatch):
    bench.lepton()
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests' user may be root
    with pytest.raises(CameraError, match=r"video0 may not be opened by this user \(group video\)"):
        bench.driver("0").open()


@pytest.mark.parametrize("source", ["9", "/dev/video9"])
def test_an_absent_device_says_so_at_once_and_what_there_is(source, bench):
    bench.lepton()
    with pytest.raises(CameraError, match=r"/dev/video9 is not there; .*PureThermal.*1e4e:0100"):
        bench.driver(source).open()


def test_an_absent_usb_camera_says_so(bench):
    with pytest.raises(CameraError, match="no camera dead:beef is connected; cameras here: none"):
        bench.driver("dead:beef").open()


def test_a_name_of_udevs_is_a_source_also_before_it_is_there(bench):
    name = str(bench.kernel.dev / "v4l" / "by-id" / "usb-PureThermal-index0")
    camera = bench.driver(name)
    with pytest.raises(CameraError, match="usb-PureThermal-index0 is not there"):
        camera.open()
    bench.lepton(3, by_id="usb-PureThermal-index0")
    assert camera.open().width == 160
    camera.close()


def test_cameras_are_found_by_what_they_are(bench):
    bench.webcam(2)
    bench.kernel.plug(3, "Webcam", "046d:0825", port="1-2", index=1)
    bench.lepton(0)
    (bench.kernel.sysfs / "video7").mkdir()  # a virtual device: no USB above it
    sysfs = bench.kernel.sysfs
    assert find_usb("046d:0825", sysfs).path == "/dev/video2"
    assert find_usb("1E4E:0100", sysfs).path == "/dev/video0"
    assert find_usb("dead:beef", sysfs) is None
    assert [device.number for device in list_devices(sysfs)] == [0, 2, 3, 7]
    assert list_devices(sysfs)[3].usb_id is None
    assert list_devices(sysfs / "absent") == []


def test_reading_needs_an_open_camera(bench):
    camera = bench.driver("0")
    with pytest.raises(CameraError, match="before open"):
        camera.read()
    camera.close()


def test_a_process_goes_on_by_itself_after_unplug_and_replug(bench, monkeypatch):
    lepton = bench.lepton(0)
    driver = bench.driver("0")
    monkeypatch.setattr("capture.process.open_driver", lambda *_: driver)
    with LiveRun("thermal", "capture.reopen_every_s=0.05") as run:
        run.wait(lambda: len(run.frames) > 5)
        bench.unplug(0)
        run.wait_for(ProcessState.WAITING, "is unplugged")
        before = len(run.frames)
        bench.plug(2, lepton, "PureThermal", "1e4e:0100", LEPTON)
        run.wait(lambda: len(run.frames) > before + 5)
        assert run.wait_for(ProcessState.RUNNING).camera.width == 160
    numbers = [frame.sequence for frame in run.frames]
    assert numbers == sorted(set(numbers))
    assert {frame.pixels.shape for frame in run.frames} == {(120, 160)}
    assert threading.active_count() < 20
    timing = run.statuses[-1].timing
    assert timing.reopened == 1
    assert timing.longest_ms > timing.jitter_ms
