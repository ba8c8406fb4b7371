"""The simulated rig: a visible and a thermal camera that look at the same moving yard.

The scene is a pure function of seed, kind and time, so two processes draw it independently and
their pictures fit. The thermal camera sees it as a bolometer does: each sensor pixel averages over
its area, the optics blur a little, every column has a small error of its own, every frame noise.
"""

import math
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.camera import Camera, CameraError, Capture
from capture.scene.eye import Eye
from capture.scene.sway import Sway
from capture.scene.world import World
from capture.scene.yard import HEIGHT, WIDTH
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, after, since
from streamer.config.schema import CameraConfig, SimulatedConfig
from streamer.messages import CameraInfo, FrameFlag, PixelFormat, Radiometry

RADIOMETRY = Radiometry(gain_k=0.01, offset_k=0.0)  # as a Lepton in its high-gain mode

_COUNTS_PER_KELVIN = 100.0
_TRUTH_WIDTH = 640  # the truth is the integer multiple of the sensor nearest to this
_OPTICS_SIGMA_PX = 0.4  # of sensor pixels
_COLUMN_NOISE = 0.35  # of the temporal noise, constant over time
_SHUTTER_KELVIN = 299.0
_SCENE_ASPECT = HEIGHT / WIDTH
_NOISE_MARGIN = 64  # noise tiles are larger than a picture by this, and rolled by up to this
_VISIBLE_NOISE = {"day": 2.0, "smoke": 2.4, "night": 6.0}


_world = lru_cache(maxsize=4)(World)  # a pure function of its arguments; opened again, it is there


class _Simulation(Camera):
    """What both simulated cameras share: a frame rate and a time zero."""

    _noise: "_Noise"

    def __init__(self, stream: str, config: CameraConfig, simulated: SimulatedConfig) -> None:
        self._stream = stream
        self._config = config
        self._simulated = simulated
        self._origin_ns = HostNs(0)
        self._next = 0
        self._sway = Sway(simulated.hand_px, simulated.seed)
        self._world: World | None = None

    def start(self, origin_ns: HostNs, now_ns: HostNs) -> None:
        """Sets time zero; frames before `now_ns` are passed over."""
        self._origin_ns = origin_ns
        elapsed = max(0, since(now_ns, origin_ns))
        self._next = math.ceil(elapsed * self._config.rate_hz / NS_PER_S)

    def close(self) -> None:
        """Forgets the prepared pictures."""
        self._world = None

    def _info(self, pixel_format: PixelFormat) -> CameraInfo:
        return CameraInfo(
            name=f"simulated {self._stream} ({self._simulated.scene})",
            width=self._config.width,
            height=self._config.height,
            pixel_format=pixel_format,
            rate_hz=self._config.rate_hz,
            live=False,
        )

    def _opened(self) -> World:
        if self._world is None:
            raise CameraError(f"simulated {self._stream} camera: read before open")
        return self._world

    def _due(self) -> tuple[int, float, HostNs]:
        """Number, scene time in seconds and timestamp of the next frame."""
        sequence = self._next
        self._next += 1
        offset_ns = self._offset_ns(sequence)
        return sequence, offset_ns / NS_PER_S, after(self._origin_ns, offset_ns)

    def _offset_ns(self, sequence: int) -> int:
        return round(sequence * NS_PER_S / self._config.rate_hz)


class SimulatedVisible(_Simulation):
    """The ordinary camera of the rig: BGR8 with mild noise, strong at night.

    Where the bracket's settings say so, it does not see what the thermal camera sees: its pixels
    are square then, whatever its format, and beyond the painted yard it sees it mirrored.
    """

    def open(self) -> CameraInfo:
        """Paints what never changes; takes about half a second."""
        width, height = self._config.width, self._config.height
        scene = self._simulated.scene
        eye = Eye(self._simulated.bracket)
        self._eye = None if eye.in_place else eye
        painted = height if self._eye is None else round(width * _SCENE_ASPECT)
        self._world = _world(self._simulated.seed, scene, width, painted)
        rng = np.random.default_rng((self._simulated.seed, 1))
        shape = (height + _NOISE_MARGIN, width + _NOISE_MARGIN, 3)
        grains = rng.standard_normal(shape, np.float32) * _VISIBLE_NOISE[scene]
        self._noise = _Noise(self._simulated.seed * 2 + 1, (height, width))
        self._brighter = np.round(np.clip(grains, 0, 255)).astype(np.uint8)
        self._darker = np.round(np.clip(-grains, 0, 255)).astype(np.uint8)
        return self._info(PixelFormat.BGR8)

    def read(self) -> Capture:
        """The next frame; its timestamp is usually still to come."""
        world = self._opened()
        sequence, time_s, timestamp_ns = self._due()
        bracket = self._simulated.bracket
        time_s += bracket.phase_ms / 1000
        timestamp_ns = after(timestamp_ns, (bracket.phase_ms + bracket.delay_ms) * NS_PER_MS)
        picture = world.light(time_s, self._eye)
        if self._eye is not None:
            picture = self._eye.picture(picture, (self._config.height, self._config.width))
        picture = self._sway.seen(picture, time_s)
        window = self._noise.window(sequence)
        cv2.add(picture, self._brighter[window], dst=picture)  # saturating 8-bit: 0.1 ms each
        cv2.subtract(picture, self._darker[window], dst=picture)
        return Capture(picture, timestamp_ns, sequence)


class SimulatedThermal(_Simulation):
    """The thermal camera of the rig: counts of 10 mK, with shutter events when asked for.

    Between two of them it drifts, where its settings say so, as a sensor does that warms up.
    """

    _asked_s: float | None = None  # when the shutter closed that was asked for last

    def correct(self) -> None:
        """Closes the shutter from the next frame on; the drift is gone when it opens."""
        self._asked_s = self._offset_ns(self._next) / NS_PER_S  # as that frame's own time is

    def open(self) -> CameraInfo:
        """Paints what never changes; takes about half a second."""
        width, height = self._config.width, self._config.height
        times = min(16, max(2, math.floor(_TRUTH_WIDTH / width + 0.5)))  # half-way: the larger
        simulated = self._simulated
        self._world = _world(simulated.seed, simulated.scene, width * times, height * times)
        rng = np.random.default_rng((simulated.seed, 2))
        deviation = simulated.netd_mk / 1000 * _COUNTS_PER_KELVIN
        shape = (height + _NOISE_MARGIN, width + _NOISE_MARGIN)
        self._grain = rng.standard_normal(shape, np.float32) * np.float32(deviation)
        self._columns = rng.standard_normal(width, np.float32) * np.float32(
            deviation * _COLUMN_NOISE
        )
        self._pattern = _pattern(simulated, (height, width))
        self._noise = _Noise(simulated.seed * 2, (height, width))
        rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        self._bowl = np.asarray(rows**2 + columns**2 - 1, np.float32)
        return self._info(PixelFormat.MONO16)

    def read(self) -> Capture:
        """The next frame; its timestamp is usually still to come."""
        world = self._opened()
        sequence, time_s, timestamp_ns = self._due()
        noise = self._grain[self._noise.window(sequence)] + self._columns + self._pattern
        if self._shutter_closed(time_s):
            counts = _counts(noise + np.float32(_SHUTTER_KELVIN * _COUNTS_PER_KELVIN))
            return Capture(counts, timestamp_ns, sequence, RADIOMETRY, (FrameFlag.FFC,))
        exact = self._sway.seen(world.heat(time_s) * np.float32(_COUNTS_PER_KELVIN), time_s)
        size = (self._config.width, self._config.height)
        seen = cv2.resize(exact, size, interpolation=cv2.INTER_AREA)
        seen = cv2.GaussianBlur(seen, (3, 3), _OPTICS_SIGMA_PX, borderType=cv2.BORDER_REPLICATE)
        if self._simulated.drift_mk_s:
            seen = seen + self._bowl * np.float32(self._drift_counts(time_s))
        counts = _counts(seen + noise)
        return Capture(counts, timestamp_ns, sequence, RADIOMETRY, truth=_counts(exact))

    def _shutter_closed(self, time_s: float) -> bool:
        duration_s = self._simulated.ffc_duration_s
        if self._asked_s is not None and 0 <= time_s - self._asked_s < duration_s:
            return True
        every_s = self._simulated.ffc_every_s
        if every_s <= 0 or time_s < every_s:
            return False
        return time_s % every_s < min(duration_s, every_s / 2)

    def _drift_counts(self, time_s: float) -> float:
        """How far the corners have drifted since the shutter was closed last."""
        every_s = self._simulated.ffc_every_s
        closed_s = time_s - time_s % every_s if every_s > 0 else 0.0
        closed_s = max(closed_s, self._asked_s or 0.0)
        return self._simulated.drift_mk_s / 1000 * _COUNTS_PER_KELVIN * (time_s - closed_s)


def _pattern(simulated: SimulatedConfig, shape: tuple[int, int]) -> NDArray[np.float32]:
    """What every pixel reads too much or too little, always: (h, w) counts.

    Columns differ the most, as their amplifiers do; rows and pixels half as much.
    """
    rng = np.random.default_rng((simulated.seed, 4))
    columns, rows, pixels = (
        rng.standard_normal(size, np.float32) for size in ((1, shape[1]), (shape[0], 1), shape)
    )
    counts = np.float32(simulated.pattern_mk / 1000 * _COUNTS_PER_KELVIN)
    return np.asarray((columns + (rows + pixels) / 2) * counts, dtype=np.float32)


class _Noise:
    """Which part of a noise tile a frame gets: another for each, and always the same for one."""

    def __init__(self, seed: int, shape: tuple[int, int]) -> None:
        self._seed = seed
        self._shape = shape

    def window(self, sequence: int) -> tuple[slice, slice]:
        rng = np.random.default_rng((self._seed, sequence))
        top, left = rng.integers(_NOISE_MARGIN, size=2)
        height, width = self._shape
        return slice(top, top + height), slice(left, left + width)


def _counts(exact: NDArray[Any]) -> NDArray[np.uint16]:
    counts: NDArray[np.uint16] = np.rint(exact).astype(np.uint16)
    return counts
