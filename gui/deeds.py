"""Everything the keyboard can do: one table for actions, tooltips and the help sheet."""

import msgspec


class Deed(msgspec.Struct, frozen=True):
    """One thing to do; `gui.commands` has a method of the same name."""

    name: str
    title: str
    keys: tuple[str, ...]
    tip: str
    checkable: bool = False
    button: bool = False


DEEDS = (
    Deed("next_palette", "Next palette", ("P",), "The next palette"),
    Deed("previous_palette", "Previous palette", ("Shift+P",), "The palette before"),
    Deed("auto_span", "Automatic span", ("A",), "Let the colours follow the scene"),
    Deed("lock_span", "Lock span", ("L",), "Hold the colours to the values of this moment"),
    Deed("narrow_span", "Narrower span", ("-",), "More contrast; locks the span"),
    Deed("widen_span", "Wider span", ("+", "="), "Less contrast; locks the span"),
    Deed("hotter_span", "Span up", ("Up",), "Shift the span to hotter values; locks it"),
    Deed("colder_span", "Span down", ("Down",), "Shift the span to colder values; locks it"),
    Deed("next_unit", "Next unit", ("U",), "Celsius, Fahrenheit, kelvin"),
    Deed("markers", "Markers", ("M",), "Hottest and coldest point, spots", True, True),
    Deed("clear", "Clear", ("C",), "Take away spots and box"),
    Deed("isotherm", "Isotherm", ("I",), "Mark all that is hotter than under the pointer", True),
    Deed("large_result", "Super-resolved large", ("1",), "Swap it with the large picture"),
    Deed("large_visible", "Visible large", ("2",), "Swap it with the large picture"),
    Deed("large_thermal", "Raw thermal large", ("3",), "Swap it with the large picture"),
    Deed(
        "large_influence", "Influence large", ("4",), "Swap what the guide added with the large one"
    ),
    Deed("side", "Side pictures", ("0",), "Show or hide the small pictures", True, True),
    Deed("plot", "Plots", ("G",), "Show or hide the plots", True, True),
    Deed("freeze", "Freeze", ("Space",), "Hold the picture; the run goes on behind it", True, True),
    Deed(
        "snapshot",
        "Snapshot",
        ("S",),
        "Save window and counts among your pictures",
        False,
        True,
    ),
    Deed("full_screen", "Full screen", ("F", "F11"), "Full screen, and back", True),
    Deed("help", "Keys", ("F1", "?"), "This sheet", False, True),
    Deed("quit", "Quit", ("Q", "Ctrl+Q"), "Close the window and end the run"),
)
