"""Which layout the frames of a source are in."""

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capture.formats.layout import DecodedFrame, LayoutError, Size, ThermalFormat
from capture.formats.registry import FORMATS, format_named, formats_of_size, formats_of_usb
from streamer.pictures.doubled import WORDS, heat_half

log = logging.getLogger(__name__)

AUTO = "auto"
_SHOWN_ROWS = 3


class FormatChoice:
    """Decodes the frames of one source, in the layout that its first frame was found to have.

    Args:
        name: of the source, for people.
        setting: `capture.thermal.format`: `auto`, or a layout's name.
        usb_id: of the device, `vid:pid`; None of anything else.
        packed: whether words are YUYV, of which a plain picture is brightness and colour by turns.

    Attributes:
        format: the layout; None before the first frame, unless the setting names one.
    """

    def __init__(
        self, name: str, setting: str, usb_id: str | None = None, *, packed: bool = False
    ) -> None:
        self._name = name
        self._packed = packed
        self._told = False
        self._usb_id = usb_id
        self._auto = setting == AUTO
        self.format = None if self._auto else format_named(setting)

    def decode(self, words: NDArray[Any]) -> DecodedFrame:
        """The picture of a whole frame.

        Args:
            words: (rows, columns) uint16 or uint8.

        Raises:
            LayoutError: it is not in that of the source, or several may be meant; says what
                came, and which layouts would fit.
        """
        if self.format is None:
            if words.dtype == np.uint8:
                return DecodedFrame(words)  # eight bits are all picture, whatever they mean
            self.format = self._found(words)
            if self.format.sizes:
                columns, rows = self.format.picture_size((words.shape[1], words.shape[0]))
                log.info(
                    "%s: format %s, %dx%d of it picture",
                    self._name,
                    self.format.name,
                    columns,
                    rows,
                )
        try:
            decoded = self.format.decode(words)
        except LayoutError as error:
            raise LayoutError(f"{error}; {seen(words)}") from error
        plain = self._auto and self.format is FORMATS["y16"]  # y16 that is set is kept to
        if plain and (heat := heat_half(decoded.counts)) is not None:
            decoded = DecodedFrame(heat)
            if not self._told:
                self._told = True
                log.warning("%s: %s", self._name, WORDS)
        if decoded.relative and not self._told:
            self._told = True
            log.warning(
                "%s gives pictures %s: no temperatures come of them", self._name, decoded.relative
            )
        return decoded

    def _found(self, words: NDArray[Any]) -> ThermalFormat:
        size: Size = (words.shape[1], words.shape[0])
        known = [each for each in formats_of_usb(self._usb_id) if size in each.sizes]
        sized = known or formats_of_size(size)
        fitting = [each for each in sized if each.fits(words)]
        firm = [each for each in fitting if not each.loose] or fitting
        if len(firm) > 1:
            names = " or ".join(each.name for each in firm)
            raise LayoutError(
                f"{size[0]}x{size[1]} of 16 bits may be {names}: capture.thermal.format says which"
            )
        if firm:
            return firm[0]
        if self._packed:
            if FORMATS["agc8"].fits(words):
                return FORMATS["agc8"]
            raise LayoutError(f"two bytes a pixel in no layout that is known: {seen(words)}")
        if sized:
            names = ", ".join(each.name for each in sized)
            log.warning(
                "%s: frames of the size of %s and not in that layout are taken as plain (y16); %s",
                self._name,
                names,
                seen(words),
            )
        return FORMATS["y16"]


def fitting_names(words: NDArray[Any]) -> list[str]:
    """The layouts that a frame may be in."""
    return [name for name, each in FORMATS.items() if each.fits(words)]


def seen(words: NDArray[Any]) -> str:
    """What a frame is, in words: its size, what its first and last rows hold, what would fit."""
    rows = len(words)
    shown = [*range(min(_SHOWN_ROWS, rows)), rows - 1]
    told = ", ".join(
        f"row {row} {words[row].min():d} to {words[row].max():d} (mean {words[row].mean():.0f})"
        for row in dict.fromkeys(shown)
    )
    names = ", ".join(fitting_names(words)) or "none"
    return (
        f"{words.shape[1]}x{rows} of {words.dtype.itemsize * 8} bits came: {told}; "
        f"formats that fit: {names}"
    )
