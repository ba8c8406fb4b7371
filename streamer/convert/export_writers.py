"""The formats of an export: each takes pictures one by one and ends in a file or a folder."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray

from streamer.clock import NS_PER_S
from streamer.convert.export_images import (
    FilmColours,
    Message,
    enlarged,
    even,
    is_measurement,
    scale_of,
)
from streamer.messages import Frame
from streamer.pictures.readings.reading_mask import ReadingMask
from streamer.recording import RecordingError
from streamer.thermal.readings import extremes, mean_of

_SMALLEST_VIDEO = 320  # a film of 80x60 pixels is enlarged, so that a player shows it


class Sink(Protocol):
    """Where pictures go. `seconds` count from the first picture; `unix_ns` is capture time."""

    def add(self, message: Message, seconds: float, unix_ns: int) -> None:
        """Takes the next picture."""

    def close(self) -> None:
        """Completes the output."""


class _Video:
    """A video of constant rate, opened with the first picture."""

    def __init__(self, path: Path, rate_hz: float) -> None:
        self._path = path
        self._rate_hz = rate_hz
        self._writer: cv2.VideoWriter | None = None
        self._shape: tuple[int, ...] = ()

    def write(self, picture: NDArray[Any], fourcc: str) -> None:
        """Appends a picture; all have the size of the first."""
        if self._writer is None:
            depth = cv2.CV_16U if picture.dtype == np.uint16 else cv2.CV_8U
            height, width = picture.shape[:2]
            self._shape = picture.shape
            self._writer = cv2.VideoWriter(
                str(self._path),
                cv2.CAP_FFMPEG,
                cv2.VideoWriter.fourcc(*fourcc),
                self._rate_hz,
                (width, height),
                [
                    *(cv2.VIDEOWRITER_PROP_DEPTH, depth),
                    *(cv2.VIDEOWRITER_PROP_IS_COLOR, int(picture.ndim == 3)),
                ],
            )
            if not self._writer.isOpened():
                raise RecordingError(f"video {self._path}: it cannot be written")
        if picture.shape != self._shape:
            raise RecordingError(
                f"video {self._path}: the pictures change from {self._shape} to {picture.shape}; "
                "export the parts apart (--start, --end)"
            )
        self._writer.write(picture)

    def close(self) -> None:
        """Completes the file."""
        if self._writer is not None:
            self._writer.release()


class Mp4:
    """Coloured video in true time: each moment shows the picture that was newest then."""

    def __init__(self, path: Path, rate_hz: float, colours: FilmColours) -> None:
        self._video = _Video(path, rate_hz)
        self._rate_hz = rate_hz
        self._colours = colours
        self._shown: NDArray[Any] | None = None
        self._written = 0

    def add(self, message: Message, seconds: float, unix_ns: int) -> None:
        """Takes the next picture."""
        self._fill(round(seconds * self._rate_hz))
        self._shown = enlarged(self._colours.of(message), _SMALLEST_VIDEO)

    def close(self) -> None:
        """Completes the file."""
        self._fill(self._written + 1)
        self._video.close()

    def _fill(self, until: int) -> None:
        while self._shown is not None and self._written < until:
            self._video.write(self._shown, "mp4v")
            self._written += 1


class Ffv1:
    """Lossless video of the counts themselves; beside it, a table of each picture's true time."""

    def __init__(self, path: Path, rate_hz: float) -> None:
        self._video = _Video(path, rate_hz)
        self._times = path.with_suffix(".times.csv").open("w", newline="", encoding="utf-8")
        self._table = csv.writer(self._times)
        self._table.writerow(["sequence", "time", "seconds"])

    def add(self, message: Message, seconds: float, unix_ns: int) -> None:
        """Takes the next picture."""
        self._video.write(even(message.pixels), "FFV1")
        self._table.writerow([message.sequence, _iso(unix_ns), f"{seconds:.6f}"])

    def close(self) -> None:
        """Completes both files."""
        self._video.close()
        self._times.close()


class Png:
    """A folder of lossless PNG, 8 or 16 bit, named by sequence."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()

    def add(self, message: Message, seconds: float, unix_ns: int) -> None:
        """Takes the next picture."""
        done, data = cv2.imencode(".png", message.pixels)
        if not done:
            raise RecordingError(f"picture {message.sequence} does not go into a PNG")
        (self._folder / f"{message.sequence:08}.png").write_bytes(data.tobytes())

    def close(self) -> None:
        """Nothing is left to do."""


class Tiff:
    """Radiometric TIFF: counts without loss, with the line from counts to degrees Celsius.

    ImageJ reads the line as its calibration and shows degrees under the pointer; kelvin are beside
    it as `gain_k` and `offset_k`. A path that ends in .tif or .tiff becomes one stack, any other a
    folder of single pictures.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack: tifffile.TiffWriter | None = None
        self._first: tuple[tuple[int, ...], object] | None = None
        if path.suffix.lower() in (".tif", ".tiff"):
            self._stack = tifffile.TiffWriter(path, imagej=True)
        else:
            path.mkdir()

    def add(self, message: Message, seconds: float, unix_ns: int) -> None:
        """Takes the next picture."""
        metadata = _imagej(message, unix_ns)
        pixels = message.pixels
        if self._stack is None:
            target = self._path / f"{message.sequence:08}.tif"
            tifffile.imwrite(target, pixels, imagej=True, metadata=metadata)
            return
        kind = (pixels.shape, message.radiometry)
        self._first = self._first or kind
        if kind != self._first:
            raise RecordingError(
                f"stack {self._path}: the pictures change from {self._first} to {kind}; "
                "name a folder instead"
            )
        try:
            self._stack.write(pixels, contiguous=True, metadata=metadata)
        except ValueError as error:  # the limit of 4 GB
            raise RecordingError(f"stack {self._path}: {error}; name a folder instead") from error

    def close(self) -> None:
        """Completes the stack."""
        if self._stack is not None:
            self._stack.close()


class Table:
    """CSV: minimum, maximum, mean, hottest and coldest point of each picture."""

    _HEAD = (
        *("sequence", "time", "seconds", "mode", "unit", "min", "max", "mean"),
        *("hottest_x", "hottest_y", "coldest_x", "coldest_y"),
    )

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", newline="", encoding="utf-8")
        self._table = csv.writer(self._file)
        self._table.writerow(self._HEAD)
        self._readings = ReadingMask()

    def add(self, message: Message, seconds: float, unix_ns: int) -> None:
        """Takes the next picture; one that is no measurement gets a line without figures."""
        head = [message.sequence, _iso(unix_ns), f"{seconds:.6f}", getattr(message, "mode", "")]
        if not is_measurement(message):
            self._table.writerow([*head, "none", *[""] * 7])
            return
        scale = scale_of(message)
        if isinstance(message, Frame):  # a result has nothing of them any more
            self._readings.take(message.pixels, message.radiometry)
        found = extremes(message.pixels, scale.radiometry, self._readings.bad)
        unit = "counts" if scale.radiometry is None else "celsius"
        counts = (
            found.coldest.counts,
            found.hottest.counts,
            mean_of(message.pixels, self._readings.bad),
        )
        figures = [f"{scale.value(count):.3f}" for count in counts]
        places = [at for end in (found.hottest, found.coldest) for at in (end.column, end.row)]
        self._table.writerow([*head, unit, *figures, *places])

    def close(self) -> None:
        """Completes the file."""
        self._file.close()


def _imagej(message: Message, unix_ns: int) -> dict[str, object]:
    metadata: dict[str, object] = {
        "sequence": message.sequence,
        "time": _iso(unix_ns),
        "unit": "pixel",
    }
    radiometry = scale_of(message).radiometry
    if radiometry is None:
        return metadata | {"note": "relative counts: the camera tells no temperature"}
    return metadata | {
        "cf": 0,  # a straight line, in the words of ImageJ
        "c0": radiometry.celsius(0.0),
        "c1": radiometry.gain_k,
        "vunit": "C",
        "gain_k": radiometry.gain_k,
        "offset_k": radiometry.offset_k,
    }


def _iso(unix_ns: int) -> str:
    moment = datetime.fromtimestamp(unix_ns // NS_PER_S, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{unix_ns % NS_PER_S // 1000:06}Z"
