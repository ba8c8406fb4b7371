"""A video camera through OpenCV and Video4Linux: colour, or a thermal camera's counts."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
from numpy.typing import NDArray

from capture.camera import Camera, CameraError, Capture
from capture.discovery import SYSFS, VideoDevice, holders
from capture.discovery.modes import Ioctl
from capture.drivers.pace import Pace
from capture.drivers.usb.device_finder import DeviceFinder
from capture.drivers.usb.frame_reader import FrameReader, ReadFrame, Video
from capture.drivers.usb.shutter import run_correction
from capture.drivers.usb.video_mode import set_up, wanted_mode
from capture.formats import DecodedFrame, LayoutError, formats_of_usb, frame_words
from capture.formats.counting import RepeatedPictures, SensorCounter
from capture.formats.registry import formats_of_size
from capture.pixel_formats import (
    as_thermal,
    as_visible,
    flags_of,
    format_choice,
    format_of,
    radiometry_of,
    unwrapped,
)
from streamer.clock import NS_PER_S, now_ns, since
from streamer.config.schema import CameraConfig
from streamer.messages import CameraInfo
from streamer.pictures import Cause, Losses
from streamer.pictures.counts import ThermalPicture

log = logging.getLogger(__name__)

_OPENING_S = 2.0  # for a first frame besides; with both a process is not yet taken for hung
_FIRST_FRAMES = 4  # that are looked at, where a layout is expected that the first is not in
_MOST_LEFT = 3  # readers that never came back, until no further one is begun


class UvcCamera(Camera):
    """A device by number (`2`), node (`/dev/video2`), USB identity (`1e4e:0100`) or udev's name.

    What was opened once is known by what it is: after it was unplugged the same camera is waited
    for, whatever number it comes back with, and another one never takes its place.

    `sequence` starts at the number of periods since the host started, so that it grows over a
    restart of the process; over an unplugging it grows by about what was missed. Where telemetry
    counts the sensor's pictures, it goes on by that count.

    Args:
        source: as above.
        stream: `visible` or `thermal`.
        config: of this camera.
        read_timeout_s: how long a frame is waited for.
        sysfs: the folder of video nodes' descriptions.
        dev: the folder of nodes.
        opener: makes the device, as cv2.VideoCapture does of a path and a backend.
        ioctl: the system call that lists modes, as `fcntl.ioctl` has it.
    """

    live = True

    def __init__(
        self,
        source: str,
        stream: str,
        config: CameraConfig,
        read_timeout_s: float,
        *,
        sysfs: Path = SYSFS,
        dev: Path = Path("/dev"),
        opener: Callable[[str, int], Video] = cv2.VideoCapture,
        ioctl: Ioctl | None = None,
    ) -> None:
        self._source = source
        self._thermal = stream == "thermal"
        self._config = config
        self._radiometry = radiometry_of(config)
        self._coloured = self._told = False
        self._read_timeout_s = read_timeout_s
        self._finder = DeviceFinder(source, thermal=self._thermal, sysfs=sysfs, dev=dev)
        self._opener = opener
        self._ioctl = ioctl
        self._reader: FrameReader | None = None
        self._left: list[FrameReader] = []
        self._torn = 0
        self._stale = 0
        self._sequence = -1
        self._index = 0
        self._pace = Pace()
        self._repeats = False
        self._repeated = RepeatedPictures()

    @property
    def losses(self) -> Losses:
        """Frames that were torn."""
        losses = Losses()
        if self._torn:
            losses.add(Cause.FORMAT, f"frames of {self._source}", self._torn)
        return losses

    @property
    def duplicates(self) -> int:
        """Pictures that the camera, or its driver, gave once more."""
        return self._repeated.count + self._stale + (self._reader.stale if self._reader else 0)

    def open(self) -> CameraInfo:
        """Finds the device, asks for the format that it needs and reads a first frame.

        Raises:
            CameraError: it is not there, another one is in its place, it is taken by somebody else
                or not allowed, or what it gives is in no layout that is known.
        """
        self.close()
        device, node = self._finder.find()
        self._left = [reader for reader in self._left if not reader.ended]
        if len(self._left) >= _MOST_LEFT:
            raise CameraError(
                f"camera {self._source}: its driver does not answer; plug it in again"
            )
        self._mode = wanted_mode(self._config, device.usb_id, node, self._ioctl)
        self._reader = FrameReader(f"camera {self._source}", lambda: self._video(node))
        try:
            pixels = self._first(device).counts
        except CameraError:
            self.close()
            raise
        self._finder.remember(device)
        rate_hz = self._mode.rate_hz or self._config.rate_hz
        before = self._pace.number_before(self._sequence, rate_hz, now_ns())
        self._counter = SensorCounter(before + 1)
        return CameraInfo(
            name=self._source,
            width=pixels.shape[1],
            height=pixels.shape[0],
            pixel_format=format_of(pixels),
            rate_hz=rate_hz,
            live=True,
        )

    def read(self) -> Capture:
        """Waits for the next picture.

        Raises:
            CameraError: none came in `read_timeout_s`, or nothing that comes is a picture.
        """
        if self._reader is None:
            raise CameraError(f"camera {self._source}: read before open")
        began_ns = now_ns()
        while True:
            frame = self._reader.read(self._read_timeout_s)
            try:
                picture, decoded = self._picture(frame)
            except CameraError as error:
                self._torn += 1
                if since(now_ns(), began_ns) > self._read_timeout_s * NS_PER_S:
                    raise
                log.info("%s", error)
                continue
            counter = decoded.counter if decoded is not None else None
            if self._repeats and self._repeated.again(picture.counts, counter):
                continue
            skipped, self._index = frame.index - self._index - 1, frame.index
            self._sequence = self._counter.sequence(counter)
            if counter is None and not self._repeats:
                self._sequence = self._counter.skip(skipped)
            self._pace.note(frame.timestamp_ns)
            return Capture(
                pixels=picture.counts,
                timestamp_ns=frame.timestamp_ns,
                sequence=self._sequence,
                radiometry=picture.radiometry,
                flags=flags_of(decoded),
                metadata=picture.metadata,
            )

    def correct(self) -> None:
        """Asks for a shutter correction, beside the stream that is read.

        Raises:
            CameraError: it is not known how this camera is asked, or it does not take the request.
        """
        if self._reader is None:
            raise CameraError(f"camera {self._source}: asked for a correction before open")
        device, node = self._finder.find()
        known = formats_of_usb(device.usb_id)
        if (chosen := self._choice.format) is not None:
            known = [chosen, *known]
        control = next((each.shutter for each in known if each.shutter is not None), None)
        if control is None:
            raise CameraError(
                f"camera {self._source} ({device.name}) has no shutter correction that can be "
                "asked for over USB video"
            )
        run_correction(node, control, self._ioctl)

    def close(self) -> None:
        """Gives the device back; a reader that does not come back is left."""
        if self._reader is not None:
            self._reader.close()
            self._stale += self._reader.stale
            if not self._reader.ended:
                self._left.append(self._reader)
            self._reader = None

    def _video(self, node: Path) -> Video:
        """Opens the device; called in the reader's thread."""
        # OpenCV waits 10 s for a frame by default.
        os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = str(max(1, round(self._read_timeout_s)))
        video = self._opener(str(node), cv2.CAP_V4L2)
        if not video.isOpened():
            video.release()
            busy = ", ".join(holders(node))
            why = f"{busy} holds it" if busy else "another program may hold it, or it is no camera"
            raise CameraError(f"{node} cannot be opened: {why}")
        set_up(video, self._mode, f"camera {self._source}")
        return video

    def _first(self, device: VideoDevice) -> ThermalPicture:
        """A first picture, and the layout that it is in: a torn frame must not decide on that."""
        assert self._reader is not None
        for left in reversed(range(_FIRST_FRAMES)):
            frame = self._reader.read(self._read_timeout_s + _OPENING_S)
            self._index = frame.index
            self._choice = format_choice(
                self._config,
                self._source,
                usb_id=device.usb_id,
                packed=self._mode.fourcc == "YUYV",
            )
            try:
                picture, _ = self._picture(frame)
            except CameraError:
                if not left:
                    raise
                continue
            layout = self._choice.format
            self._repeats = layout is not None and layout.repeats
            wrapped = formats_of_size((self._mode.width, self._mode.height))
            if not (left and self._mode.raw and wrapped and layout and not layout.sizes):
                break
        return picture

    def _picture(self, frame: ReadFrame) -> tuple[ThermalPicture, DecodedFrame | None]:
        name = f"camera {self._source}"
        raw: NDArray[Any] = frame.samples
        if not self._thermal:
            return ThermalPicture(as_visible(raw, name), None), None
        if self._mode.raw:
            try:
                raw = frame_words(raw, (self._mode.width, self._mode.height))
            except LayoutError as error:
                raise CameraError(f"{name}: {error}") from error
        thermal = as_thermal(raw, name, self._radiometry)
        if thermal.relative and not self._coloured:
            self._coloured = True
            log.warning(
                "%s gives pictures %s: no temperatures come of them", name, thermal.relative
            )
        if thermal.words and not self._told:
            self._told = True
            log.warning("%s: %s", name, thermal.words)
        return unwrapped(thermal, self._choice, name, self._radiometry)
