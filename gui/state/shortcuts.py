"""Everything the keyboard can do: one table for actions, tooltips and the help sheet."""

import msgspec


class Deed(msgspec.Struct, frozen=True):
    """One thing to do; `gui.controllers.actions` has a method of the same name.

    Those of a `replay` are in `gui.controllers.playback_actions`; those of `live` are not there in
    a replay.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    tip: str
    checkable: bool = False
    button: bool = False
    replay: bool = False
    live: bool = False


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
    Deed(
        "freeze",
        "Freeze",
        ("Space",),
        "Hold the picture; the run goes on behind it",
        True,
        True,
        live=True,
    ),
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

_REPLAY_DEEDS = (
    Deed("play", "Play or pause", ("Space",), "Stand still, or go on", replay=True),
    Deed("step_back", "Step back", ("Left",), "One thermal frame back", replay=True),
    Deed("step_on", "Step on", ("Right",), "One thermal frame on", replay=True),
    Deed("mark_back", "Mark before", ("Shift+Left",), "Mode change or event before", replay=True),
    Deed("mark_on", "Next mark", ("Shift+Right",), "Next mode change or event", replay=True),
    Deed("to_start", "Start", ("Home",), "To the first moment", replay=True),
    Deed("to_end", "End", ("End",), "To the last moment", replay=True),
    Deed("slower", "Slower", ("[",), "Down to 0.1 of its pace", replay=True),
    Deed("faster", "Faster", ("]",), "Up to 10 times its pace", replay=True),
    Deed("loop", "Loop", ("R",), "Begin again at the end", True, replay=True),
    Deed(
        "from_here",
        "Loop from here (A)",
        ("Shift+A",),
        "Play again and again from here",
        replay=True,
    ),
    Deed("to_here", "Loop to here (B)", ("Shift+B",), "Play again and again to here", replay=True),
    Deed("whole", "No A and B", ("Shift+C",), "Play all of it again", replay=True),
)


def deeds(*, replay: bool) -> tuple[Deed, ...]:
    """What can be done in a live run, or in a replay."""
    if not replay:
        return DEEDS
    return (*_REPLAY_DEEDS, *(deed for deed in DEEDS if not deed.live))
