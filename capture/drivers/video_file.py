"""A video file as a camera, by the file's own timing."""

import logging
from dataclasses import dataclass
from pathlib import Path

from capture.camera import Camera, CameraError, Capture, EndOfStream
from capture.formats import DecodedFrame
from capture.pixel_formats import flags_of, format_choice, format_of, radiometry_of, unwrapped
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, after, since
from streamer.config.schema import CameraConfig
from streamer.messages import CameraInfo
from streamer.paths import PathKind, kind_of
from streamer.pictures import Cause, Losses, PictureError
from streamer.pictures.counts import ThermalPicture, thermal_counts
from streamer.pictures.guides import GuideDepth, visible_picture
from streamer.pictures.stored import StoredPicture
from streamer.pictures.videos import PackedReader, VideoReader, open_video
from streamer.pictures.videos.pixel_format import Handling

log = logging.getLogger(__name__)

_TRUSTED_FRAMES = 10_000_000  # containers without an index report nonsense instead of a length
_TRUSTED_HZ = 1000.0
_MOST_REFUSED = 10  # frames in a row
_ESTIMATE_FRAMES = 2  # containers without an index estimate their length by this much


@dataclass
class _Round:
    """One pass through the file; a looping file makes many."""

    first_sequence: int = 0
    start_ns: int = 0  # after time zero
    index: int = 0  # of the next frame in this round
    first_pts_ns: int | None = None
    offset_ns: int = 0  # of the newest frame, after the first of the round
    taken_ns: int | None = None  # offset of a frame that was taken but not read yet


class VideoFile(Camera):
    """Frames of a video, each at its own presentation time after time zero.

    A file that ends early (cut off while it was copied) simply ends there.
    """

    def __init__(self, path: Path, stream: str, config: CameraConfig) -> None:
        self._path = path
        self._thermal = stream == "thermal"
        self._config = config
        self._loop = config.loop
        self._rate_hz = config.rate_hz
        self._radiometry = radiometry_of(config)
        self._depth = GuideDepth()
        self._coloured = self._told = False
        self._packed = False
        self._refused = 0
        self._losses = Losses()
        self._video: VideoReader | None = None
        self._origin_ns = HostNs(0)
        self._frames: int | None = None
        self._round = _Round()

    @property
    def losses(self) -> Losses:
        """What was left out so far."""
        return self._losses

    def open(self) -> CameraInfo:
        """Opens the file and decodes its first frame.

        Raises:
            CameraError: it is missing, no video, or has no frame.
            PathError: its path cannot be looked at.
        """
        self.close()
        if kind_of(self._path) is not PathKind.FILE:
            raise CameraError(f"video file {self._path} does not exist")
        self._choice = format_choice(self._config, str(self._path))
        self._packed = self._thermal and self._holds_counts_in_yuyv()
        self._video = self._opened()
        rate_hz = self._video.rate_hz
        if 0 < rate_hz <= _TRUSTED_HZ:
            self._rate_hz = rate_hz
        frames = self._video.frames
        self._frames = int(frames) if 0 < frames < _TRUSTED_FRAMES else None
        first = self._video.retrieve() if self._video.grab() else None
        if first is None:
            self.close()
            raise CameraError(f"video file {self._path} has no frame that can be decoded")
        try:
            pixels = self._converted(first)[0].counts
        except CameraError:
            self.close()
            raise
        pixel_format = self._video.pixel_format
        if self._radiometry is not None and pixel_format.handling is Handling.LUMA:
            log.warning(
                "%s: pixel format %s holds 8 bits of brightness, as its codec left them: degrees "
                "by gain_k are no better than that",
                self._path,
                pixel_format.name,
            )
        self._video.release()
        self._video = self._opened()
        self._round = _Round()
        return CameraInfo(
            name=self._path.name,
            width=pixels.shape[1],
            height=pixels.shape[0],
            pixel_format=format_of(pixels),
            rate_hz=self._rate_hz,
            live=False,
            frames=None if self._loop else self._frames,
        )

    def start(self, origin_ns: HostNs, now_ns: HostNs) -> None:
        """Sets time zero and passes over frames due before `now_ns`, whole rounds at once."""
        self._origin_ns = origin_ns
        elapsed_ns = since(now_ns, origin_ns)
        if self._loop and self._frames and elapsed_ns > 0:
            rounds = elapsed_ns // self._length_ns(self._frames)
            self._round.first_sequence = rounds * self._frames
            self._round.start_ns = rounds * self._length_ns(self._frames)
        try:
            while self._round.start_ns + self._take_ns() < elapsed_ns:
                self._round.index += 1
                self._round.taken_ns = None
        except EndOfStream:
            log.info("%s ended before the run's present position", self._path)

    def read(self) -> Capture:
        """The next frame with the time it is due.

        Raises:
            EndOfStream: after the last frame, unless the file is to loop.
            CameraError: read before `open`.
        """
        while True:
            offset_ns = self._take_ns()
            try:
                stored = self._source().retrieve()
            except PictureError as error:
                raise CameraError(str(error)) from error
            if stored is None:
                self._count_rest()
                raise EndOfStream
            try:
                picture, decoded = self._converted(stored)
            except CameraError as error:
                self._leave_out(error)
                continue
            self._refused = 0
            return self._captured(picture, decoded, offset_ns)

    def _leave_out(self, error: CameraError) -> None:
        """Counts a frame that is in another layout than the first was; many in a row are too many.

        Raises:
            CameraError: that is so.
        """
        self._refused += 1
        if self._refused > _MOST_REFUSED:
            raise error
        if self._losses.add(Cause.FORMAT, f"frame {self._round.index}"):
            log.warning("left out: frame %d: %s", self._round.index, error)
        self._round.index += 1
        self._round.taken_ns = None

    def _captured(
        self, picture: ThermalPicture, decoded: DecodedFrame | None, offset_ns: int
    ) -> Capture:
        capture = Capture(
            pixels=picture.counts,
            timestamp_ns=after(self._origin_ns, self._round.start_ns + offset_ns),
            sequence=self._round.first_sequence + self._round.index,
            radiometry=picture.radiometry,
            flags=flags_of(decoded),
            metadata=picture.metadata,
        )
        self._round.index += 1
        self._round.taken_ns = None
        return capture

    def close(self) -> None:
        """Closes the file."""
        if self._video is not None:
            self._video.release()
            self._video = None

    def _take_ns(self) -> int:
        """Takes the next frame of the file unless one is taken; its time after the first one."""
        if self._round.taken_ns is not None:
            return self._round.taken_ns
        if not self._source().grab():
            self._begin_again()
        pts_ns = round(self._source().position_ms() * NS_PER_MS)
        if self._round.first_pts_ns is None:
            self._round.first_pts_ns = pts_ns
        offset_ns = pts_ns - self._round.first_pts_ns
        if self._round.index and offset_ns <= self._round.offset_ns:
            # The container gives no usable timing: the nominal rate then.
            offset_ns = round(self._round.index * NS_PER_S / self._rate_hz)
        self._round.offset_ns = self._round.taken_ns = offset_ns
        return offset_ns

    def _begin_again(self) -> None:
        done = self._round
        if not self._loop or not done.index:
            self._count_rest()
            raise EndOfStream
        lasted_ns = max(self._length_ns(done.index), done.offset_ns + self._length_ns(1))
        self.close()
        self._video = self._opened()  # reopened: seeking to 0 is not exact in every container
        self._round = _Round(done.first_sequence + done.index, done.start_ns + lasted_ns)
        if not self._video.grab():
            raise EndOfStream

    def _length_ns(self, frames: int) -> int:
        """How long a round of so many frames lasts, the last one's own period included."""
        return round(frames * NS_PER_S / self._rate_hz)

    def _source(self) -> VideoReader:
        if self._video is None:
            raise CameraError(f"video file {self._path}: read before open")
        return self._video

    def _holds_counts_in_yuyv(self) -> bool:
        """Whether the two bytes of a pixel are one count, as the first frame or a setting says."""
        reader = PackedReader.opened(self._path)
        if reader is None:
            return False
        first = reader.retrieve() if reader.grab() else None
        reader.release()
        if first is None:
            return False
        choice = format_choice(self._config, str(self._path), packed=True)
        picture = thermal_counts(first, str(self._path), None)
        try:
            unwrapped(picture, choice, str(self._path))
        except CameraError:
            if choice.format is not None:
                raise
            return False
        if choice.format is None or choice.format.name == "agc8":
            return False  # brightness, which the ordinary way reads too
        self._choice = choice
        return True

    def _opened(self) -> VideoReader:
        if self._packed and (reader := PackedReader.opened(self._path)) is not None:
            return reader
        try:
            return open_video(self._path, counts=self._thermal)
        except PictureError as error:
            raise CameraError(str(error)) from error

    def _count_rest(self) -> None:
        """Counts the frames that the file announces and has not: it was cut off."""
        missing = (self._frames or 0) - self._round.index
        if missing > _ESTIMATE_FRAMES and self._losses.add(
            Cause.UNDECODABLE, f"the last {missing} frames of {self._path.name}", missing
        ):
            log.warning("%s ends %d frames before it says", self._path, missing)

    def _converted(self, stored: StoredPicture) -> tuple[ThermalPicture, DecodedFrame | None]:
        name = str(self._path)
        try:
            if not self._thermal:
                return ThermalPicture(visible_picture(stored, name, self._depth), None), None
            picture = thermal_counts(stored, name, self._radiometry)
        except PictureError as error:
            raise CameraError(str(error)) from error
        if picture.relative and not self._coloured:
            self._coloured = True
            log.warning(
                "%s is a picture of heat %s: its brightness is shown, which is no temperature",
                self._path,
                picture.relative,
            )
        if picture.words and not self._told:
            self._told = True
            log.warning("%s: %s", self._path, picture.words)
        return unwrapped(picture, self._choice, name, self._radiometry)
