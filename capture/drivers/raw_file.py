"""Frames as a camera sent them, one after another in a file without any header."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capture.camera import Camera, CameraError, Capture, EndOfStream
from capture.formats import FORMATS, DecodedFrame, FormatChoice, ThermalFormat
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

    The size is that of the layout: the one that the first frame is in, or the one that
    `capture.thermal.format` names. Of plain frames, which have any size, it is
    `capture.thermal.width` and `height`.
    """

    def __init__(self, path: Path, stream: str, config: CameraConfig) -> None:
        self._path = path
        self._stream = stream
        self._config = config
        self._rate_hz = config.rate_hz
        self._losses = Losses()
        self._frames: int | None = None
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
            length = self._path.stat().st_size
        except OSError as error:
            raise CameraError(f"raw file {name} cannot be read: {error.strerror}") from error
        self._choice = format_choice(self._config, name)
        self._size, self._depth = self._layout(length)
        frame = self._size[0] * self._size[1] * self._depth
        self._frames = length // frame
        if length % frame:
            self._losses.add(Cause.UNDECODABLE, f"the last {length % frame} bytes")
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
            frames=None if self._config.loop else self._frames,
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
        for _ in range(self._frames):
            sequence = self._next
            if sequence >= self._frames and not self._config.loop:
                raise EndOfStream
            self._next += 1
            index = sequence % self._frames
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

    def _decoded(self, index: int) -> tuple[ThermalPicture, DecodedFrame | None]:
        given = radiometry_of(self._config)
        words = self._words(self._size, self._depth, index)
        plain = ThermalPicture(words, given)
        return unwrapped(plain, self._choice, str(self._path), given)

    def _words(self, size: Size, depth: int, index: int = 0) -> NDArray[Any]:
        """A frame as it lies in the file; read, not mapped: a file may be cut while it is played.

        Raises:
            CameraError: the file ends before it does, or cannot be read.
        """
        count = size[0] * size[1]
        try:
            words: NDArray[Any] = np.fromfile(
                self._path, "<u2" if depth == 2 else "u1", count, offset=index * count * depth
            )
        except OSError as error:
            raise CameraError(f"raw file {self._path} cannot be read: {error}") from error
        if words.size < count:
            raise CameraError(f"raw file {self._path} ends within frame {index}")
        return words.reshape(size[1], size[0])

    def _layout(self, length: int) -> tuple[Size, int]:
        """Columns and rows of a whole frame, and bytes a pixel."""
        set_size: Size = (self._config.width, self._config.height)
        chosen = self._choice.format
        if chosen is not None and not chosen.sizes:
            depth = 1 if chosen.name == "agc8" else 2
            if length < set_size[0] * set_size[1] * depth:
                raise CameraError(self._refusal(length, f"{set_size[0]}x{set_size[1]} is longer"))
            return set_size, depth
        fitting = {
            size: each
            for each in ([chosen] if chosen else FORMATS.values())
            for size in each.sizes
            if not each.loose or chosen
            if length >= 2 * size[0] * size[1] and each.fits(self._words(size, 2))
        }
        whole = {size: each for size, each in fitting.items() if _fills(length, size)}
        fitting = whole or fitting  # a file that was cut off ends within a frame
        if len(fitting) == 1:
            size, found = next(iter(fitting.items()))
            self._choice = self._of(found)
            return size, 2
        if not fitting and chosen is None and _fills(length, set_size):
            self._choice = self._of(FORMATS["y16"])
            return set_size, 2
        names = " or ".join(f"{each.name} of {c}x{r}" for (c, r), each in fitting.items())
        raise CameraError(self._refusal(length, f"it may be {names}" if names else "none fits"))

    def _of(self, found: ThermalFormat) -> FormatChoice:
        return FormatChoice(str(self._path), found.name)

    def _refusal(self, length: int, words: str) -> str:
        setting = self._config.format if isinstance(self._config, ThermalCameraConfig) else AUTO
        return (
            f"raw file {self._path} of {length} bytes: whole frames of capture.thermal.format "
            f"{setting} wanted, and {words}; plain frames are of capture.thermal.width x height "
            f"({self._config.width}x{self._config.height} now), format y16"
        )


def _fills(length: int, size: Size) -> bool:
    frame = 2 * size[0] * size[1]
    return length >= frame and length % frame == 0
