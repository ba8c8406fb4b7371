"""Frames as a camera sent them, one after another in a file without any header."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capture.camera import Camera, CameraError, Capture, EndOfStream
from capture.formats import FORMATS, FormatChoice, ThermalFormat
from capture.formats.choice import AUTO
from capture.formats.layout import Size
from capture.pixel_formats import flags_of, format_choice, format_of, radiometry_of, unwrapped
from streamer.clock import NS_PER_S, HostNs, after, since
from streamer.config.schema import CameraConfig, ThermalCameraConfig
from streamer.messages import CameraInfo
from streamer.pictures import Cause, Losses
from streamer.pictures.counts import ThermalPicture
from streamer.pictures.stills import log

RAW_SUFFIXES = (".raw", ".bin")


class RawFile(Camera):
    """Whole frames of one size, at `capture.thermal.rate_hz`.

    The size is that of the layout: the one whose frames fill the file without a rest and whose
    first frame is in it, or the one that `capture.thermal.format` names. Of plain frames, which
    have any size, it is `capture.thermal.width` and `height`.
    """

    def __init__(self, path: Path, stream: str, config: CameraConfig) -> None:
        self._path = path
        self._stream = stream
        self._config = config
        self._rate_hz = config.rate_hz
        self._losses = Losses()
        self._frames: NDArray[Any] | None = None
        self._origin_ns = HostNs(0)
        self._next = 0

    @property
    def losses(self) -> Losses:
        """Frames that are in another layout than the first."""
        return self._losses

    def open(self) -> CameraInfo:
        """Finds the size of its frames, and decodes the first.

        Raises:
            CameraError: it is no file of whole frames, or of no layout that is known.
        """
        name = str(self._path)
        if self._stream != "thermal" or not isinstance(self._config, ThermalCameraConfig):
            raise CameraError(f"raw file {name}: frames of a thermal camera; a video wanted here")
        try:
            data: NDArray[Any] = np.memmap(self._path, np.uint8, mode="r")
        except (OSError, ValueError) as error:  # an empty file cannot be mapped
            raise CameraError(f"raw file {name} cannot be read: {error}") from error
        self._choice = format_choice(self._config, name)
        size, depth = self._layout(data)
        frame = size[0] * size[1] * depth
        whole = data[: len(data) // frame * frame]
        words = whole if depth == 1 else whole.view("<u2")
        self._frames = words.reshape(-1, size[1], size[0])
        if len(whole) < len(data):
            self._losses.add(Cause.UNDECODABLE, f"the last {len(data) - len(whole)} bytes")
            log.warning("%s ends within a frame", name)
        self._next = 0
        first = self._decoded(0)[0].counts
        return CameraInfo(
            name=self._path.name,
            width=first.shape[1],
            height=first.shape[0],
            pixel_format=format_of(first),
            rate_hz=self._rate_hz,
            live=False,
            frames=None if self._config.loop else len(self._frames),
        )

    def start(self, origin_ns: HostNs, now_ns: HostNs) -> None:
        """Sets time zero; frames due before `now_ns` are passed over."""
        self._origin_ns = origin_ns
        self._next = max(0, math.ceil(since(now_ns, origin_ns) * self._rate_hz / NS_PER_S))

    def read(self) -> Capture:
        """The next frame with the time it is due.

        Raises:
            EndOfStream: after the last one, unless the file is to loop.
            CameraError: read before `open`, or no frame is in the layout any more.
        """
        if self._frames is None:
            raise CameraError(f"raw file {self._path}: read before open")
        for _ in range(len(self._frames)):
            sequence = self._next
            if sequence >= len(self._frames) and not self._config.loop:
                raise EndOfStream
            self._next += 1
            index = sequence % len(self._frames)
            try:
                picture, decoded = self._decoded(index)
            except CameraError as error:
                if self._losses.add(Cause.FORMAT, f"frame {index}"):
                    log.warning("left out: frame %d: %s", index, error)
                continue
            return Capture(
                picture.counts,
                after(self._origin_ns, sequence * NS_PER_S / self._rate_hz),
                sequence,
                picture.radiometry,
                flags_of(decoded),
                metadata=picture.metadata,
            )
        raise CameraError(f"raw file {self._path}: no frame is in its layout any more")

    def close(self) -> None:
        """Forgets the file."""
        self._frames = None

    def _decoded(self, index: int) -> tuple[ThermalPicture, Any]:
        assert self._frames is not None
        given = radiometry_of(self._config)
        plain = ThermalPicture(np.array(self._frames[index]), given)
        return unwrapped(plain, self._choice, str(self._path), given)

    def _layout(self, data: NDArray[Any]) -> tuple[Size, int]:
        """Columns and rows of a whole frame, and bytes a pixel."""
        set_size: Size = (self._config.width, self._config.height)
        chosen = self._choice.format
        if chosen is not None and not chosen.sizes:
            depth = 1 if chosen.name == "agc8" else 2
            if len(data) < set_size[0] * set_size[1] * depth:
                raise CameraError(self._refusal(data, f"{set_size[0]}x{set_size[1]} is longer"))
            return set_size, depth
        fitting = {
            size: each
            for each in ([chosen] if chosen else FORMATS.values())
            for size in each.sizes
            if not each.loose or chosen
            if _fills(data, size) and each.fits(_first(data, size))
        }
        if len(fitting) == 1:
            size, found = next(iter(fitting.items()))
            self._choice = self._of(found)
            return size, 2
        if not fitting and chosen is None and _fills(data, set_size):
            self._choice = self._of(FORMATS["y16"])
            return set_size, 2
        names = " or ".join(f"{each.name} of {c}x{r}" for (c, r), each in fitting.items())
        raise CameraError(self._refusal(data, f"it may be {names}" if names else "none fits"))

    def _of(self, found: ThermalFormat) -> FormatChoice:
        return FormatChoice(str(self._path), found.name)

    def _refusal(self, data: NDArray[Any], words: str) -> str:
        setting = self._config.format if isinstance(self._config, ThermalCameraConfig) else AUTO
        return (
            f"raw file {self._path} of {len(data)} bytes: whole frames of capture.thermal.format "
            f"{setting} wanted, and {words}; plain frames are of capture.thermal.width x height "
            f"({self._config.width}x{self._config.height} now), format y16"
        )


def _fills(data: NDArray[Any], size: Size) -> bool:
    frame = 2 * size[0] * size[1]
    return len(data) >= frame and len(data) % frame == 0


def _first(data: NDArray[Any], size: Size) -> NDArray[Any]:
    words: NDArray[Any] = np.array(data[: 2 * size[0] * size[1]]).view("<u2")
    return words.reshape(size[1], size[0])
