"""The contract of every camera driver: open, read, close. No threads, no sockets, no pacing.

A driver turns one device, file or simulation into captures. The loop in `capture.process` owns
time: it waits for a capture's moment, publishes it, reopens what failed.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from numpy.typing import NDArray

from streamer.clock import HostNs
from streamer.errors import CorefusionError
from streamer.messages import CameraInfo, FrameFlag, Radiometry
from streamer.pictures import Losses
from streamer.pictures.stored import Metadata


class CameraError(CorefusionError):
    """A camera that cannot be opened or read; names the source, what was wanted and what came."""


class EndOfStream(Exception):  # noqa: N818 - an event, not an error
    """A recorded source has no further frame."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One picture as the driver took it.

    Attributes:
        pixels: (H, W, 3) uint8 BGR, (H, W) uint8 or (H, W) uint16 counts; never written again.
        timestamp_ns: capture time, monotonic. Lies in the future for a source that is read ahead
            (files, simulation): the loop publishes it at that moment.
        sequence: counts what the sensor made since time zero, frames never read included.
        truth: the full-resolution picture behind a binned or simulated thermal frame.
        metadata: what the file or camera says besides.
    """

    pixels: NDArray[Any]
    timestamp_ns: HostNs
    sequence: int
    radiometry: Radiometry | None = None
    flags: tuple[FrameFlag, ...] = ()
    truth: NDArray[Any] | None = None
    metadata: Metadata = field(default_factory=dict)


class Camera(ABC):
    """One sensor. Use as a context manager: what `open` took is released on any way out.

    Attributes:
        live: whether this is a device: it gives frames as they come, and after a failure it may
            come back. Files and simulations wait for their readers; their failure is final.
    """

    live: bool = False

    @property
    def losses(self) -> Losses:
        """What a source of files left out so far; a device counts in `sequence` alone."""
        return Losses()

    @property
    def duplicates(self) -> int:
        """Pictures that came more than once and were left out; only devices give such."""
        return 0

    @abstractmethod
    def open(self) -> CameraInfo:
        """Takes the device or file.

        Raises:
            CameraError: it is not there, not readable, or gives something unusable. Everything
                taken so far is released, and a later `open` may succeed.
        """

    def start(self, origin_ns: HostNs, now_ns: HostNs) -> None:  # noqa: B027 - devices have no origin
        """Sets time zero of a source whose frames can wait; frames before `now_ns` are passed over.

        Sequence numbers stay those of the source's own frames, so that a restarted process goes on
        where the run is, and its readers see the gap.
        """

    @abstractmethod
    def read(self) -> Capture:
        """The next frame; blocks at most about `capture.read_timeout_s`.

        Raises:
            EndOfStream: a recorded source is at its end and does not loop.
            CameraError: the device gave nothing, or something undecodable.
        """

    def correct(self) -> None:
        """Asks for a shutter correction (FFC); frames behind the shutter come flagged.

        Raises:
            CameraError: this camera has none, or does not take the request.
        """
        raise CameraError("this camera has no shutter that can be asked to correct it")

    @abstractmethod
    def close(self) -> None:
        """Gives everything back; may be called at any time, more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
