"""Small pictures of a recording, read beside the playing: what a viewer shows of a moment."""

import logging
import os
import queue
import sys
import threading
from pathlib import Path

import cv2
import numpy as np

from streamer.clock import NS_PER_S, StreamNs
from streamer.messages import Frame, Mode, PixelFormat, SuperResolvedFrame
from streamer.recording import RecordingError, RecordingReader, TimestampedMessage

log = logging.getLogger(__name__)

_LARGEST_PX = (160, 120)  # width and height of the box that a picture is made to fit
_PREFERRED = ("sr", "thermal", "visible")
_NICE = 10  # the playing goes first


class ThumbnailReader:
    """Reads the picture of the moment asked for last, in a thread and with a reader of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._asked: queue.SimpleQueue[StreamNs] = queue.SimpleQueue()
        self._made: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def ask(self, media_ns: StreamNs) -> None:
        """Asks for the picture of a moment; of those that wait, only the last is made."""
        self._asked.put(media_ns)
        if self._thread is None:  # nobody pays for it who does not point at the time scale
            self._thread = threading.Thread(target=self._read, name="thumbnails", daemon=True)
            self._thread.start()

    def take(self) -> Frame | None:
        """The next picture that is ready."""
        try:
            return self._made.get_nowait()
        except queue.Empty:
            return None

    def _read(self) -> None:
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        try:
            reader = RecordingReader(self._path)
            while True:
                media_ns = self._asked.get()
                while not self._asked.empty():
                    media_ns = self._asked.get()
                made = thumbnail(reader, media_ns)
                if made is not None:
                    self._made.put(made)
        except RecordingError as error:
            log.warning("no thumbnails for the viewer: %s", error)


def thumbnail(reader: RecordingReader, media_ns: StreamNs) -> Frame | None:
    """The picture of a moment: of the result, else of the thermal, else of the visible.

    Returns:
        A frame of the stream `thumbnail` that fits a box of 160x120, its `timestamp_ns` the moment
        asked for; None where the recording has no picture. `relative` in its metadata says that it
        is no measurement.

    Raises:
        RecordingError: the file is no longer readable at all.
    """
    reach_ns = NS_PER_S if not reader.info.every_s else round(2 * reader.info.every_s * NS_PER_S)
    for stream in _PREFERRED:
        for one in reader.newest(media_ns, (stream,), reach_ns):
            return _small(one, media_ns)
    return None


def _small(recorded: TimestampedMessage, media_ns: StreamNs) -> Frame:
    message = recorded.message
    assert isinstance(message, Frame | SuperResolvedFrame)
    height, width = message.pixels.shape[:2]
    share = min(_LARGEST_PX[0] / width, _LARGEST_PX[1] / height, 1.0)
    size = max(1, round(width * share)), max(1, round(height * share))
    pixels = cv2.resize(message.pixels, size, interpolation=cv2.INTER_AREA)
    relative = isinstance(message, SuperResolvedFrame) and message.mode is Mode.VISIBLE_ONLY
    return Frame(
        stream="thumbnail",
        sequence=message.sequence,
        timestamp_ns=media_ns,
        pixel_format=PixelFormat(message.pixel_format),
        pixels=np.ascontiguousarray(pixels),
        radiometry=message.radiometry,
        metadata={"relative": relative},
    )
