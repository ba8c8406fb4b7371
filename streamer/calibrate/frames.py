"""What two cameras gave for a while: pictures of the same moments, and what moved in them."""

import importlib
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.errors import CalibrationError
from streamer.calibration.registration.gradients import Plane, grey
from streamer.clock import NS_PER_MS, NS_PER_S, now_ns
from streamer.config.schema import Config
from streamer.messages import SENSORS, CameraInfo
from streamer.pictures.listing.sources import PictureRef

_REGISTRY = "capture.registry"  # by name, as in the process table: streamer does not know capture
_CAMERA = "capture.camera"
_KEPT_WIDTH = 640  # of visible pictures that are only looked at
_MOTION_WIDTH = 80
_COLOUR_KEPT = 3  # visible pictures kept in colour, for the picture of the result

Progress = Callable[[float], None]


class Taken(NamedTuple):
    """One picture.

    Attributes:
        time_ms: when it was taken, as its camera says.
        plane: (H, W) uint8 grey or the counts.
        small: (h, w) for motion.
    """

    time_ms: float
    plane: NDArray[Any]
    small: Plane


class Footage(NamedTuple):
    """What both cameras gave.

    Attributes:
        visible: in order; grey, 640 wide at most.
        thermal: in order; counts.
        infos: what each camera says of itself.
        colour: a visible picture as it came, and when.
    """

    visible: list[Taken]
    thermal: list[Taken]
    infos: dict[str, CameraInfo]
    colour: list[tuple[float, NDArray[np.uint8]]]

    def pairs(self, offset_ms: float, most: int) -> list[tuple[Taken, Taken]]:
        """Pictures (visible, thermal) of the same moments, spread over the whole time.

        Args:
            offset_ms: added to the visible times.
            most: how many.
        """
        times = np.array([one.time_ms for one in self.visible]) + offset_ms
        period = float(np.median(np.diff(times))) if len(times) > 1 else 1000.0
        found = []
        for one in self.thermal:
            nearest = int(np.argmin(np.abs(times - one.time_ms)))
            if abs(times[nearest] - one.time_ms) <= max(0.6 * period, 20.0):
                found.append((self.visible[nearest], one))
        picks = np.unique(np.linspace(0, len(found) - 1, min(most, len(found))).astype(int))
        return [found[index] for index in picks]


def take_footage(
    config: Config,
    seconds: float,
    progress: Progress,
    stills: tuple[PictureRef, ...] = (),
) -> Footage:
    """Opens both cameras and reads them for a while.

    Args:
        config: the two sources.
        seconds: of their time, at most.
        progress: told what share is done.
        stills: radiometric stills in place of the sources.

    Raises:
        CalibrationError: a camera gives nothing, or both are of one kind.
        CameraError: a source cannot be opened, or vanishes.
    """
    registry: Any = importlib.import_module(_REGISTRY)
    with ExitStack() as opened:
        cameras = {}
        for stream in SENSORS:
            camera = (
                registry.still_driver(stream, config, stills)
                if stills
                else registry.open_driver(stream, config)
            )
            cameras[stream] = opened.enter_context(camera)
        infos = {stream: camera.open() for stream, camera in cameras.items()}
        offset_ms = config.capture.visible.offset_ms, config.capture.thermal.offset_ms
        reels = {
            stream: _Reel(stream, camera, seconds, offset)
            for (stream, camera), offset in zip(cameras.items(), offset_ms, strict=True)
        }
        if any(camera.live for camera in cameras.values()):
            _read_at_once(reels, seconds, progress)
        else:
            for number, reel in enumerate(reels.values()):
                reel.camera.start(0, 0)
                reel.read_all(partial(_half, progress, number))
    for stream, reel in reels.items():
        if not reel.taken:
            raise CalibrationError(f"the {stream} camera gave no picture")
    visible, thermal = reels["visible"], reels["thermal"]
    _check_kinds(visible, thermal)
    return Footage(visible.taken, thermal.taken, infos, visible.colour)


class _Reel:
    """What one camera gave."""

    def __init__(self, stream: str, camera: Any, seconds: float, offset_ms: float) -> None:
        self.stream = stream
        self.camera = camera
        self.taken: list[Taken] = []
        self.colour: list[tuple[float, NDArray[np.uint8]]] = []
        self.colourful = False
        self.error: Exception | None = None
        self._seconds = seconds
        self._offset_ms = offset_ms
        self._ends = importlib.import_module(_CAMERA).EndOfStream

    def read_all(self, progress: Progress, stop: threading.Event | None = None) -> None:
        """Reads until the time is over or the source ends."""
        while stop is None or not stop.is_set():
            try:
                capture = self.camera.read()
            except self._ends:
                return
            self._add(capture)
            elapsed_s = (self.taken[-1].time_ms - self.taken[0].time_ms) / 1000
            progress(min(1.0, elapsed_s / self._seconds))
            if elapsed_s >= self._seconds:
                return

    def _add(self, capture: Any) -> None:
        pixels = capture.pixels
        visible = self.stream == "visible"
        if (pixels.ndim == 3) != visible:
            kind = "a colour picture" if pixels.ndim == 3 else f"counts ({pixels.dtype.name})"
            raise CalibrationError(
                f"the {self.stream} camera gives {kind}: are the two sources swapped?"
            )
        if capture.flags:  # behind a shutter
            return
        time_ms = capture.timestamp_ns / NS_PER_MS + self._offset_ms
        if visible:
            self.colourful = self.colourful or bool(np.ptp(pixels[::8, ::8], axis=2).max() > 6)
            if len(self.colour) < _COLOUR_KEPT:
                self.colour.append((time_ms, pixels.copy()))
            pixels = _narrow(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), _KEPT_WIDTH)
        small = _narrow(pixels.astype(np.float32), _MOTION_WIDTH)
        self.taken.append(Taken(time_ms, pixels.copy(), small))


def _read_at_once(reels: dict[str, _Reel], seconds: float, progress: Progress) -> None:
    """Devices give their pictures whether or not somebody reads: each has a thread."""
    stop = threading.Event()

    def follow(reel: _Reel) -> None:
        try:
            if not reel.camera.live:
                reel.camera.start(now_ns(), now_ns())
            reel.read_all(progress if reel.stream == "thermal" else lambda share: None, stop)
        except Exception as error:
            reel.error = error
            stop.set()

    threads = [
        threading.Thread(target=follow, args=(reel,), daemon=True) for reel in reels.values()
    ]
    for thread in threads:
        thread.start()
    until_ns = now_ns() + round((seconds + 5.0) * NS_PER_S)
    for thread in threads:
        thread.join(max(0.0, (until_ns - now_ns()) / NS_PER_S))
    stop.set()
    for reel in reels.values():
        if reel.error is not None:
            raise reel.error


def _check_kinds(visible: _Reel, thermal: _Reel) -> None:
    """A thermal camera given as visible shows its false or no colours, and few pixels."""
    light, heat = visible.taken[0].plane.shape, thermal.taken[0].plane.shape
    if not visible.colourful and light[1] < heat[1]:
        raise CalibrationError(
            f"the visible camera gives {light[1]}x{light[0]} without any colour and the thermal "
            f"one {heat[1]}x{heat[0]}: are the two sources swapped?"
        )


def _half(progress: Progress, done: int, share: float) -> None:
    progress((done + share) / 2)


def _narrow(plane: NDArray[Any], width: int) -> NDArray[Any]:
    if plane.shape[1] <= width:
        return plane
    rows = max(1, round(plane.shape[0] * width / plane.shape[1]))
    return np.asarray(cv2.resize(plane, (width, rows), interpolation=cv2.INTER_AREA))


def planes(pairs: list[tuple[Taken, Taken]]) -> list[tuple[Plane, Plane]]:
    """Grey pictures of pairs, (visible, thermal)."""
    return [(grey(light.plane), grey(heat.plane)) for light, heat in pairs]


def with_recording(config: Config, recording: Path) -> Config:
    """The configuration with both sources from one recording."""
    replace = msgspec.structs.replace
    capture, source = config.capture, str(recording)
    return replace(
        config,
        capture=replace(
            capture,
            visible=replace(capture.visible, source=source),
            thermal=replace(capture.thermal, source=source),
        ),
    )
