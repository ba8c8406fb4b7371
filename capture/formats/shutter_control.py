"""How a camera is asked to close its shutter and correct itself, by the layout that it gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtensionUnit:
    """One byte written to a control of a UVC extension unit; its value says nothing.

    Attributes:
        unit: its number in the camera's descriptors.
        selector: of the control.
    """

    unit: int
    selector: int


@dataclass(frozen=True, slots=True)
class ZoomValue:
    """A value of the zoom control that is no zoom.

    Attributes:
        value: as the camera's maker has it.
    """

    value: int


ShutterControl = ExtensionUnit | ZoomValue
