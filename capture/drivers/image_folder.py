"""Pictures as a camera: of a folder, or the pages of a file, at a steady rate."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from capture.camera import Camera, CameraError, Capture, EndOfStream
from capture.drivers.picture_times import PictureTimes
from capture.formats import DecodedFrame
from capture.pixel_formats import flags_of, format_choice, format_of, radiometry_of, unwrapped
from streamer.clock import HostNs, after, since
from streamer.config.schema import CameraConfig
from streamer.messages import CameraInfo
from streamer.paths import PathKind, kind_of
from streamer.pictures import Cause, Losses, PictureError
from streamer.pictures.counts import ThermalPicture
from streamer.pictures.formats.fff import SUFFIXES
from streamer.pictures.listing.names import Side
from streamer.pictures.listing.sources import PictureRef, pictures_at
from streamer.pictures.losses import UNPAIRED
from streamer.pictures.radiometric.flir_sequence import sequence_times_ns
from streamer.pictures.stills import Stills, check_order, log, paired_with


class Partner(msgspec.Struct, frozen=True):
    """The pictures of the other camera, that these belong to by name.

    Attributes:
        path: their file or folder.
        rate_hz: what is configured for them.
    """

    path: Path
    rate_hz: float


class ImageFolder(Camera):
    """Every picture of a folder, in the order of their numbers, one a frame; bad ones are left out.

    Of given `pictures`, radiometric stills, the visible camera shows what they hold inside.
    Beside a partner each picture has the moment of its partner's, at the thermal camera's rate, and
    where it has none there is a gap. The pictures of a FLIR SEQ have their own times. A picture
    that is left out leaves a gap in `sequence`, a count in `losses` and one line in the log.
    """

    def __init__(
        self,
        path: Path,
        stream: str,
        config: CameraConfig,
        partner: Partner | None = None,
        pictures: Sequence[PictureRef] | None = None,
    ) -> None:
        self._path = path
        self._side = Side(stream)
        self._config = config
        self._partner = partner
        self._pictures = pictures
        self._rate_hz = config.rate_hz
        self._times = PictureTimes(config.rate_hz)
        self._loop = config.loop
        self._stills: Stills | None = None
        self._losses, self._unpaired = Losses(), Losses()
        self._alone: frozenset[int] = frozenset()
        self._origin_ns = HostNs(0)
        self._next = 0

    @property
    def losses(self) -> Losses:
        """What was left out so far."""
        return self._losses

    def open(self) -> CameraInfo:
        """Lists the pictures, meets them with their partners, and decodes the first.

        Raises:
            CameraError: there is none, or none good among the first tenth.
            PathError: its path cannot be looked at.
        """
        if self._pictures is None and kind_of(self._path) is PathKind.MISSING:
            raise CameraError(f"folder {self._path} does not exist")
        self._next = 0
        self._rate_hz = self._config.rate_hz
        try:
            slots = self._slots()
            self._times = PictureTimes(self._rate_hz, self._taken_ns(slots))
            given, inside = radiometry_of(self._config), self._pictures is not None
            stills = Stills(slots, self._side, given, inside=inside)
            self._losses = stills.losses
            self._losses.update(self._unpaired)
            first = stills.first()
        except PictureError as error:
            raise CameraError(str(error)) from error
        self._stills = stills
        self._choice = format_choice(self._config, str(self._path))
        first, _ = self._unwrapped(first)
        height, width = first.counts.shape[:2]
        return CameraInfo(
            name=self._path.name,
            width=width,
            height=height,
            pixel_format=format_of(first.counts),
            rate_hz=self._times.rate_hz,
            live=False,
            frames=None if self._loop else len(stills.slots),
        )

    def start(self, origin_ns: HostNs, now_ns: HostNs) -> None:
        """Sets time zero; images due before `now_ns` are passed over."""
        self._origin_ns = origin_ns
        self._next = self._times.first_from(since(now_ns, origin_ns))

    def read(self) -> Capture:
        """The next good picture with the time it is due.

        Raises:
            EndOfStream: after the last one, unless the folder is to loop.
            CameraError: read before `open`, or no picture is readable any more.
        """
        if self._stills is None:
            raise CameraError(f"folder {self._path}: read before open")
        slots = self._stills.slots
        for _ in slots:
            sequence = self._next
            if sequence >= len(slots) and not self._loop:
                raise EndOfStream
            self._next += 1
            picture = slots[sequence % len(slots)]
            if picture is None:
                continue
            try:
                read = self._stills.read(picture)
            except PictureError:
                continue  # counted and logged there
            try:
                read, decoded = self._unwrapped(read)
            except CameraError as error:
                if self._losses.add(Cause.FORMAT, picture.name):
                    log.warning("left out: %s: %s", picture.name, error)
                continue
            due_ns = after(self._origin_ns, self._times.due_ns(sequence))
            metadata = read.metadata
            if sequence % len(slots) in self._alone:
                metadata = {**metadata, UNPAIRED: True}
            flags = flags_of(decoded)
            return Capture(read.counts, due_ns, sequence, read.radiometry, flags, metadata=metadata)
        if self._next >= len(slots) and not self._loop:
            raise EndOfStream
        raise CameraError(f"folder {self._path}: no image is readable any more")

    def close(self) -> None:
        """Forgets the list of pictures."""
        self._stills = None

    def _unwrapped(self, read: ThermalPicture) -> tuple[ThermalPicture, DecodedFrame | None]:
        """A thermal picture without the telemetry that its camera puts around it."""
        if self._side is Side.VISIBLE:
            return read, None
        return unwrapped(read, self._choice, str(self._path), radiometry_of(self._config))

    def _taken_ns(self, slots: Sequence[PictureRef | None]) -> Sequence[int]:
        """When the pictures of one file were taken, where it says so of each and has no partner."""
        paths = {None if each is None else each.path for each in slots}
        path = paths.pop()
        if (
            self._partner is not None
            or paths
            or path is None
            or path.suffix.lower() not in SUFFIXES
        ):
            return ()
        taken_ns = sequence_times_ns(path)
        return taken_ns if len(taken_ns) == len(slots) else ()

    def _slots(self) -> Sequence[PictureRef | None]:
        own = list(self._pictures or pictures_at(self._path, self._side))
        if self._partner is None:
            return own
        rates_hz = (self._config.rate_hz, self._partner.rate_hz)
        pairing = paired_with(own, self._side, self._partner.path, rates_hz)
        if self._side is Side.THERMAL:
            check_order(own, pictures_at(self._partner.path, Side.VISIBLE))
            if pairing is not None:
                self._unpaired = pairing.losses
                self._alone = frozenset(
                    index for index, slot in enumerate(pairing.slots) if slot.visible is None
                )
            if pairing is not None and pairing.words:
                log.warning("%s and %s: %s", self._partner.path, self._path, pairing.words)
        if pairing is None:
            return own
        if self._side is Side.VISIBLE and self._rate_hz != self._partner.rate_hz:
            log.warning(
                "%s has the moments of its partners by name: %g Hz, not %g Hz",
                self._path,
                self._partner.rate_hz,
                self._rate_hz,
            )
            self._rate_hz = self._partner.rate_hz
        return [slot.of(self._side) for slot in pairing.slots]
