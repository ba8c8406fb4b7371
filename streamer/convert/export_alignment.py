"""A recording's visible pictures, lined up with its thermal ones."""

from pathlib import Path

import cv2
import msgspec
import numpy as np

from streamer.calibration.calibration import Calibration
from streamer.calibration.chosen import NONE
from streamer.calibration.errors import CalibrationError
from streamer.calibration.geometry import Size, shown_size
from streamer.calibration.plain_data import calibration_of
from streamer.calibration.stored import load_calibration
from streamer.calibration.timeline import CalibrationTimeline, recorded_changes
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
        return VisibleAligner(CalibrationTimeline(load_calibration(file)), reader)
    carried, changes = reader.info.calibration, recorded_changes(reader.calibrations())
    if carried is None and not changes:
        return None
    first = None if carried is None else calibration_of(carried, "the recording's calibration")
    return VisibleAligner(CalibrationTimeline(first, changes), reader)


class VisibleAligner:
    """Brings visible pictures to the view and the size of the results.

    Args:
        timeline: how the two cameras are lined up, by the moments of visible frames.
        reader: of the recording. Without results in it the size is a multiple of the thermal
            camera's, about 640 wide.
    """

    def __init__(self, timeline: CalibrationTimeline, reader: RecordingReader) -> None:
        self._timeline = timeline
        self._warp: GuideWarp | None = None
        self._sensor = _size_of(reader, "thermal") or timeline.thermal_size
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
        used = self._timeline.at(frame.timestamp_ns).calibration
        guide = np.asarray(frame.pixels, np.uint8)
        if used is None:  # stretched, as results were made with it
            pixels = cv2.resize(guide, self._canvas[::-1], interpolation=cv2.INTER_AREA)
            return msgspec.structs.replace(frame, pixels=np.asarray(pixels, np.uint8))
        if self._warp is None or self._warp.calibration != used:
            self._warp = GuideWarp(used)
            self._checked.clear()
        if size not in self._checked:
            self._check(self._warp.calibration, size)
        return msgspec.structs.replace(frame, pixels=self._warp(guide, self._canvas))

    def _check(self, calibration: Calibration, guide: Size) -> None:
        try:
            check_warp(calibration, guide, self._sensor, self._canvas)
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
