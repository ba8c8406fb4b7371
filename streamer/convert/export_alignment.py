"""A recording's visible pictures, lined up with its thermal ones."""

from pathlib import Path

import msgspec
import numpy as np

from streamer.calibration.calibration import Calibration
from streamer.calibration.chosen import NONE
from streamer.calibration.errors import CalibrationError
from streamer.calibration.geometry import Size, shown_size
from streamer.calibration.stored import calibration_of, load_calibration
from streamer.calibration.warp import GuideWarp, check_warp
from streamer.messages import Frame, PixelFormat, SuperResolvedFrame
from streamer.recording import RecordingError, RecordingReader


def aligner(reader: RecordingReader, file: Path | None) -> "VisibleAligner | None":
    """What lines up a recording's visible pictures; None where they are taken as they came.

    Args:
        reader: of the recording.
        file: of another calibration than the recording carries; `none` for neither.

    Raises:
        CalibrationError: the file, or what the recording carries, is none.
    """
    if file is not None and str(file) == NONE:
        return None
    if file is not None:
        return VisibleAligner(load_calibration(file), reader)
    carried = reader.info.calibration
    if carried is None:
        return None
    return VisibleAligner(calibration_of(carried, "the recording's calibration"), reader)


class VisibleAligner:
    """Brings visible pictures to the view and the size of the results.

    Args:
        calibration: of the two cameras.
        reader: of the recording. Without results in it the size is a multiple of the thermal
            camera's, about 640 wide.
    """

    def __init__(self, calibration: Calibration, reader: RecordingReader) -> None:
        self._warp = GuideWarp(calibration)
        self._sensor = _size_of(reader, "thermal") or calibration.thermal.size
        self._canvas = _size_of(reader, "sr") or shown_size(self._sensor)
        self._checked: set[Size] = set()
        self._path = reader.path

    def aligned(self, frame: Frame) -> Frame:
        """The same moment as the thermal camera would see it.

        Raises:
            RecordingError: the calibration cannot be right for a picture of this size.
        """
        if frame.pixel_format is not PixelFormat.BGR8:
            raise RecordingError(
                f"recording {self._path}: visible pictures of {PixelFormat.BGR8} wanted to line "
                f"them up, {frame.pixel_format} came; --calibration {NONE} takes them as they are"
            )
        size = frame.pixels.shape[0], frame.pixels.shape[1]
        if size not in self._checked:
            self._check(size)
        pixels = self._warp(np.asarray(frame.pixels, np.uint8), self._canvas)
        return msgspec.structs.replace(frame, pixels=pixels)

    def _check(self, guide: Size) -> None:
        try:
            check_warp(self._warp.calibration, guide, self._sensor, self._canvas)
        except CalibrationError as error:
            raise RecordingError(
                f"recording {self._path}: {error}; --calibration F.yaml names another, "
                f"--calibration {NONE} takes the pictures as they came"
            ) from error
        self._checked.add(guide)


def _size_of(reader: RecordingReader, stream: str) -> Size | None:
    """Of the stream's first picture; None without one."""
    for recorded in reader.read((stream,)):
        message = recorded.message
        if isinstance(message, Frame | SuperResolvedFrame):
            return message.pixels.shape[0], message.pixels.shape[1]
    return None
