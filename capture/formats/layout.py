"""The contract of a decoder: whole frames of a camera in, a picture and its state out."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from capture.formats.shutter_control import ShutterControl
from streamer.errors import CorefusionError
from streamer.messages import Radiometry
from streamer.pictures.stored import Metadata

Size = tuple[int, int]
"""Columns, rows."""

FPA_KELVIN = (233.0, 375.0)
"""A focal plane that works is no colder and no hotter: what else stands there is no telemetry."""


class LayoutError(CorefusionError):
    """A frame that is not in the layout that was looked for; what was wanted, and what came."""


@dataclass(frozen=True, slots=True)
class DecodedFrame:
    """A picture without what was around it.

    Attributes:
        counts: (H, W) uint16, or uint8 of a camera's own contrast.
        radiometry: what counts mean in kelvin; None where the layout does not say.
        relative: why no temperature comes of the counts whatever is set; empty where one may.
        ffc: whether the camera says that its shutter is closed; None where it says nothing.
        counter: the sensor's own number of the frame; None where it has none.
        state: what else the camera says, by name: `ffc_state`, `fpa_celsius`, ...
    """

    counts: NDArray[Any]
    radiometry: Radiometry | None = None
    relative: str = ""
    ffc: bool | None = None
    counter: int | None = None
    state: Metadata = field(default_factory=dict)


class ThermalFormat(ABC):
    """One layout.

    Attributes:
        name: as `capture.thermal.format` has it.
        cameras: which give it, for people.
        rows: where in the frame what lies, for people.
        counts: what counts mean, for people.
        origin: where this is written.
        sizes: of whole frames, columns and rows; empty where any will do.
        fourcc: what to ask a device for.
        usb: names of cameras that give it, by `vid:pid` in lower-case hex.
        raw_command: what the camera is to be told by its zoom control before it gives counts; None
            where it gives them unasked.
        shutter: how the camera is asked for a shutter correction; None where that is not known.
        repeats: whether the camera gives each picture several times.
        loose: whether its content tells little, so that any other layout that fits comes first.
    """

    name: ClassVar[str]
    cameras: ClassVar[str]
    rows: ClassVar[str]
    counts: ClassVar[str]
    origin: ClassVar[str]
    sizes: ClassVar[tuple[Size, ...]] = ()
    fourcc: ClassVar[str] = "Y16 "
    usb: ClassVar[dict[str, str]] = {}
    raw_command: ClassVar[int | None] = None
    shutter: ClassVar[ShutterControl | None] = None
    repeats: ClassVar[bool] = False
    loose: ClassVar[bool] = False

    @abstractmethod
    def decode(self, words: NDArray[Any]) -> DecodedFrame:
        """The picture of a whole frame.

        Args:
            words: (rows, columns) uint16 as the camera sent them, or uint8.

        Raises:
            LayoutError: it is not in this layout.
        """

    def picture_size(self, size: Size) -> Size:
        """Columns and rows of the picture in a whole frame of this size."""
        return size

    def fits(self, words: NDArray[Any]) -> bool:
        """Whether size and content say that a frame is in this layout."""
        try:
            self.decode(words)
        except LayoutError:
            return False
        return True

    def check_size(self, words: NDArray[Any]) -> None:
        """Refuses frames of another size or depth.

        Raises:
            LayoutError: says what was wanted and what came.
        """
        came = f"{words.shape[1]}x{words.shape[0]} of {words.dtype.itemsize * 8} bits"
        if words.dtype != np.uint16:
            raise LayoutError(f"format {self.name} wants 16 bits a pixel, {came} came")
        if self.sizes and (words.shape[1], words.shape[0]) not in self.sizes:
            wanted = " or ".join(f"{columns}x{rows}" for columns, rows in self.sizes)
            raise LayoutError(f"format {self.name} wants frames of {wanted}, {came} came")


def frame_words(samples: NDArray[Any], size: Size | None = None) -> NDArray[Any]:
    """A frame as whatever decoder gave it, as (rows, columns) of uint16 or uint8.

    OpenCV hands Y16 over as (H, W) uint16, YUYV as (H, W, 2) uint8 and, on some systems, either as
    one row of bytes.

    Args:
        samples: such a frame.
        size: columns and rows that were agreed upon, for one row of bytes.

    Raises:
        LayoutError: it is in colours, or of none of these shapes.
    """
    if samples.ndim == 3 and samples.shape[2] == 1:
        samples = samples[..., 0]
    if samples.dtype == np.uint8 and samples.ndim == 3 and samples.shape[2] == 2:
        return np.ascontiguousarray(samples).view("<u2")[..., 0]
    if samples.ndim == 2 and samples.shape[0] == 1 and size is not None:
        flat = np.ascontiguousarray(samples).reshape(-1).view(np.uint8)
        if flat.size == 2 * size[0] * size[1]:
            return flat.view("<u2").reshape(size[1], size[0])
    if samples.ndim == 2 and samples.dtype in (np.uint8, np.uint16) and samples.shape[0] > 1:
        return samples
    shape = "x".join(map(str, samples.shape))
    if samples.ndim == 3 and samples.shape[2] in (3, 4):
        raise LayoutError(
            f"a picture in three colours came ({shape} of {samples.dtype}): its counts are lost"
        )
    raise LayoutError(f"one plane of 8 or 16 bits wanted, {shape} of {samples.dtype} came")


def dword(words: NDArray[np.uint16], index: int) -> int:
    """32 bits of two words, the lower one first."""
    return int(words[index]) | int(words[index + 1]) << 16
