"""What is known of each camera."""

import msgspec
import numpy as np
import pytest

from gui.panes import Pane
from gui.state.panels.cameras import camera_sections
from gui.status.run_status import RunStatus
from streamer.clock import NS_PER_S, ClockReading, HostNs, live_stream
from streamer.config.schema import CaptureConfig, Config, ThermalCameraConfig
from streamer.messages import (
    CameraInfo,
    CaptureTiming,
    FrameFlag,
    PixelFormat,
    ProcessState,
    StreamState,
)
from streamer.thermal.scale import Unit
from tests.gui import feeder as make

NOW = HostNs(1_000 * NS_PER_S)
INFO = CameraInfo(
    name="Lepton 3.5",
    width=160,
    height=120,
    pixel_format=PixelFormat.MONO16,
    rate_hz=9.0,
    live=True,
)
TIMING = CaptureTiming(rate_hz=8.71, jitter_ms=4.2, longest_ms=340.0, duplicates=3, reopened=1)


def sections(statuses=(), frames=None, unit=Unit.CELSIUS, recording="", **thermal):
    config = ThermalCameraConfig(
        **{"source": "/dev/video2", "width": 160, "height": 120, "rate_hz": 9.0} | thermal
    )
    run = RunStatus(
        now_ns=NOW,
        since_ns=NOW,
        session=make.session(statuses=statuses) if statuses else None,
        result=None,
        config=Config(capture=CaptureConfig(thermal=config)),
        reading=ClockReading(NOW, live_stream(NOW)),
    )
    found = camera_sections(run, frames or {}, unit, recording)
    assert [section.title for section in found] == ["Visible camera", "Thermal camera"]
    return [dict(section.lines) for section in found]


def test_a_camera_says_what_it_is_and_how_evenly_it_comes():
    status = make.status("capture.thermal", camera=INFO, timing=TIMING)
    worker = make.worker_status(ages_ms={"thermal": 40.0})
    _, thermal = sections([status, worker], offset_ms=12.5)
    assert thermal | {"shutter (FFC)": ""} == {
        "device": "/dev/video2",
        "name": "Lepton 3.5",
        "state": "ok, newest 0.0 s old",
        "format": "MONO16",
        "size": "160 x 120",
        "rate, as it says": "9.0 Hz",
        "rate, measured": "8.7 Hz",
        "jitter": "±4.2 ms, longest 340 ms",
        "repeated pictures": "3",
        "opened again": "1",
        "time offset (offset_ms)": "+12.5 ms",
        "shutter (FFC)": "",
    }


def test_a_picture_says_what_its_counts_mean_and_span():
    pixels = np.full((120, 160), 29_315, np.uint16)
    pixels[0, 0] = 30_315
    frame = make.thermal(pixels=pixels)
    _, thermal = sections(frames={Pane.THERMAL: frame}, bin=8)
    assert thermal["gain"] == "10 mK a count, 0 K at 0"
    assert thermal["span of the picture"] == "20.0 °C to 30.0 °C (29315 to 30315 counts)"
    assert thermal["size"] == "160 x 120, averaged over 8 x 8"
    _, kelvin = sections(frames={Pane.THERMAL: frame}, unit=Unit.KELVIN)
    assert kelvin["span of the picture"].startswith("293.2 K to 303.2 K")


def test_without_radiometry_nothing_is_called_degrees():
    frame = make.thermal(radiometry=None)
    _, thermal = sections(frames={Pane.THERMAL: frame})
    assert thermal["gain"] == "not known: relative counts, no degrees"
    assert "°" not in thermal["span of the picture"]


@pytest.mark.parametrize("by", ["frame", "worker", "nobody"])
def test_a_closed_shutter_is_told(by):
    frame = make.thermal()
    if by == "frame":
        frame = msgspec.structs.replace(frame, flags=(FrameFlag.FFC,))
    state = StreamState.FFC if by == "worker" else StreamState.OK
    _, thermal = sections([make.worker_status(thermal=state)], {Pane.THERMAL: frame})
    assert thermal["shutter (FFC)"].startswith("open" if by == "nobody" else "closed now")


def test_what_a_camera_says_of_itself_is_listed_and_its_counters_are_not():
    said = {"housing_celsius": 31.25, "ffc_state": "imminent", "sensor_counter": 7}
    frame = msgspec.structs.replace(make.thermal(), metadata=said)
    _, thermal = sections(frames={Pane.THERMAL: frame})
    assert thermal["housing, °C"] == "31.25"
    assert thermal["shutter, as the camera says"] == "imminent"
    assert "7" not in thermal.values()


def test_a_camera_that_is_waited_for_says_why():
    why = "/dev/video2 is not there; cameras here: none"
    status = make.status("capture.thermal", state=ProcessState.WAITING, detail=why)
    _, thermal = sections([status])
    assert thermal["state"] == f"waiting: {why}"


def test_no_camera_and_a_replay_say_so():
    _, none = sections(source="none")
    assert none == {"device": "none"}
    visible, thermal = sections(recording="yard.mcap")
    assert visible["device"] == thermal["device"] == "none: yard.mcap is replayed"
    assert "rate, as it says" not in thermal


def test_a_password_in_an_address_is_not_shown():
    _, thermal = sections(source="rtsp://me:secret@10.0.0.2/stream")
    assert "secret" not in thermal["device"]
    assert "10.0.0.2" in thermal["device"]
