"""Everything the keyboard can do: one table for actions, tooltips and the dialog of keys."""

import msgspec


class Action(msgspec.Struct, frozen=True):
    """One thing a user can do; `ViewerActions` has a method of the same name.

    Those of a `replay` are methods of `PlaybackActions`; those of `live` are not there in a replay.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    tip: str
    checkable: bool = False
    button: bool = False
    replay: bool = False
    live: bool = False


ACTIONS = (
    Action("next_palette", "Next palette", ("P",), "The next palette"),
    Action("previous_palette", "Previous palette", ("Shift+P",), "The palette before"),
    Action("auto_span", "Automatic span", ("A",), "Let the colours follow the scene"),
    Action("lock_span", "Lock span", ("L",), "Hold the colours to the values of this moment"),
    Action("narrow_span", "Narrower span", ("-",), "More contrast; locks the span"),
    Action("widen_span", "Wider span", ("+", "="), "Less contrast; locks the span"),
    Action("hotter_span", "Span up", ("Up",), "Shift the span to hotter values; locks it"),
    Action("colder_span", "Span down", ("Down",), "Shift the span to colder values; locks it"),
    Action("next_unit", "Next unit", ("U",), "Celsius, Fahrenheit, kelvin"),
    Action("markers", "Markers", ("M",), "Hottest and coldest point, spots", True, True),
    Action("fog", "Uncertainty", ("E",), "Fog over what may be far off", True),
    Action("clear", "Clear", ("C",), "Take away spots and box"),
    Action("isotherm", "Isotherm", ("I",), "Mark all that is hotter than under the pointer", True),
    Action("large_result", "Super-resolved large", ("1",), "Swap it with the large picture"),
    Action("large_visible", "Visible large", ("2",), "Swap it with the large picture"),
    Action("large_thermal", "Raw thermal large", ("3",), "Swap it with the large picture"),
    Action(
        "large_influence", "Influence large", ("4",), "Swap what the guide added with the large one"
    ),
    Action("side", "Side pictures", ("0",), "Show or hide the small pictures", True, True),
    Action("plot", "Plots", ("G",), "Show or hide the plots", True, True),
    Action(
        "freeze",
        "Freeze",
        ("Space",),
        "Hold the picture; the run goes on behind it",
        True,
        True,
        live=True,
    ),
    Action(
        "snapshot",
        "Snapshot",
        ("S",),
        "Save window and counts among your pictures",
        False,
        True,
    ),
    Action("full_screen", "Full screen", ("F", "F11"), "Full screen, and back", True),
    Action("help", "Keys", ("F1", "?"), "This sheet", False, True),
    Action("quit", "Quit", ("Q", "Ctrl+Q"), "Close the window and end the run"),
)

_PLAYBACK_ACTIONS = (
    Action("play", "Play or pause", ("Space",), "Stand still, or go on", replay=True),
    Action("step_back", "Step back", ("Left",), "One thermal frame back", replay=True),
    Action("step_forward", "Step on", ("Right",), "One thermal frame on", replay=True),
    Action("mark_back", "Mark before", ("Shift+Left",), "Mode change or event before", replay=True),
    Action("mark_forward", "Next mark", ("Shift+Right",), "Next mode change or event", replay=True),
    Action("to_start", "Start", ("Home",), "To the first moment", replay=True),
    Action("to_end", "End", ("End",), "To the last moment", replay=True),
    Action("slower", "Slower", ("[",), "Down to 0.1 of its pace", replay=True),
    Action("faster", "Faster", ("]",), "Up to 10 times its pace", replay=True),
    Action("loop", "Loop", ("R",), "Begin again at the end", True, replay=True),
    Action(
        "set_loop_start",
        "Loop from here (A)",
        ("Shift+A",),
        "Play again and again from here",
        replay=True,
    ),
    Action(
        "set_loop_end",
        "Loop to here (B)",
        ("Shift+B",),
        "Play again and again to here",
        replay=True,
    ),
    Action("clear_loop_range", "No A and B", ("Shift+C",), "Play all of it again", replay=True),
)


def available_actions(*, replay: bool) -> tuple[Action, ...]:
    """What can be done in a live run, or in a replay."""
    if not replay:
        return ACTIONS
    return (*_PLAYBACK_ACTIONS, *(action for action in ACTIONS if not action.live))
