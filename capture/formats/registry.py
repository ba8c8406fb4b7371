"""All decoders, by name and by camera."""

from capture.formats.boson import Boson, Tau
from capture.formats.double_height import DoubleHeight
from capture.formats.layout import LayoutError, Size, ThermalFormat
from capture.formats.lepton import Lepton
from capture.formats.plain import Y14, Y16, Agc8
from capture.formats.tc002c import Tc002c
from capture.formats.xtherm import Xtherm, XthermKelvin

FORMATS: dict[str, ThermalFormat] = {
    each.name: each
    for each in (
        *(Lepton(), Boson(), Tau(), DoubleHeight(), Tc002c(), Xtherm(), XthermKelvin()),
        *(Y16(), Y14(), Agc8()),
    )
}
"""In the order in which people meet them."""


def format_named(name: str) -> ThermalFormat:
    """The decoder that a setting names.

    Raises:
        LayoutError: there is none of that name.
    """
    found = FORMATS.get(name)
    if found is None:
        raise LayoutError(f"capture.thermal.format {name}: auto, {', '.join(FORMATS)} wanted")
    return found


def formats_of_usb(usb_id: str | None) -> list[ThermalFormat]:
    """The layouts of a known camera; none of an unknown one."""
    return [each for each in FORMATS.values() if usb_id in each.usb]


def formats_of_size(size: Size) -> list[ThermalFormat]:
    """The layouts that have frames of this size; plain ones, which have any, are left out."""
    return [each for each in FORMATS.values() if size in each.sizes]
