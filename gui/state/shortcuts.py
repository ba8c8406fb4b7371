"""Everything the keyboard can do: one table for actions, tooltips and the dialog of keys."""

import msgspec

from gui.language import mark


class Action(msgspec.Struct, frozen=True):
    """One thing a user can do; `ViewerActions` has a method of the same name.

    Those of a `replay` are methods of `PlaybackActions`, those of `measuring` of
    `MeasuringActions`, those of `framing` of `FramingActions`; those of `live` are not there in a
    replay. Those of the `run` are commands to the supervisor: methods of `RunActions`. Each is in
    the `menu` of its name.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    tip: str
    checkable: bool = False
    button: bool = False
    replay: bool = False
    live: bool = False
    menu: str = "Measure"
    run: bool = False
    measuring: bool = False
    framing: bool = False


ACTIONS = (
    Action("next_palette", "Next palette", ("P",), "Other colours", menu="Colours"),
    Action(
        "previous_palette",
        "Previous palette",
        ("Shift+P",),
        "Back to the colours before",
        menu="Colours",
    ),
    Action(
        "auto_span", "Automatic span", ("A",), "Let the colours follow the scene", menu="Colours"
    ),
    Action(
        "lock_span",
        "Lock span",
        ("L",),
        "Hold the colours to the values of this moment",
        menu="Colours",
    ),
    Action("narrow_span", "Narrower span", ("-",), "More contrast; locks the span", menu="Colours"),
    Action("widen_span", "Wider span", ("+", "="), "Less contrast; locks the span", menu="Colours"),
    Action(
        "hotter_span",
        "Span up",
        ("Up",),
        "Shift the span to hotter values; locks it",
        menu="Colours",
    ),
    Action(
        "colder_span",
        "Span down",
        ("Down",),
        "Shift the span to colder values; locks it",
        menu="Colours",
    ),
    Action("next_unit", "Next unit", ("U",), "Celsius, Fahrenheit, kelvin", menu="Colours"),
    Action("markers", "Markers", ("M",), "Hottest and coldest point, tools", True, True),
    Action(
        "time_stamp",
        "Time on the picture",
        ("Shift+T",),
        "When it was taken, in snapshots, copies and reports too",
        True,
        menu="View",
    ),
    Action("fog", "Uncertainty", ("E",), "Fog over what may be far off", True, menu="View"),
    Action(
        "isotherm",
        "Isotherm",
        ("I",),
        "Mark all that is hotter than under the pointer",
        True,
        menu="Colours",
    ),
    Action(
        "isotherm_below",
        "Isotherm below",
        ("Shift+I",),
        "Mark all that is colder; with both, what lies between",
        True,
        menu="Colours",
    ),
    Action(
        "invert_palette",
        "Inverted palette",
        ("Ctrl+I",),
        "The colours the other way round",
        True,
        menu="Colours",
    ),
    Action(
        "open_palette",
        "Palette from a file ...",
        ("Ctrl+Shift+P",),
        "Colours of your own: lines of red, green, blue",
        menu="Colours",
    ),
    Action(
        "next_tone",
        "Contrast",
        ("Shift+G",),
        "Linear, equalised, local: only linear colours are proportional to temperature",
        menu="Colours",
    ),
    Action(
        "beyond",
        "Beyond the span",
        ("Shift+O",),
        "Cyan over and blue under the span",
        True,
        menu="Colours",
    ),
    Action(
        "span_of_tool",
        "Span of the tool",
        ("Shift+L",),
        "From the coldest to the hottest inside the selected tool; locks it",
        menu="Colours",
    ),
    Action("large_result", "Super-resolved large", ("1",), "In the large view", menu="View"),
    Action("large_visible", "Visible large", ("2",), "In the large view", menu="View"),
    Action("large_thermal", "Raw thermal large", ("3",), "In the large view", menu="View"),
    Action(
        "large_influence",
        "Added by the guide large",
        ("4",),
        "What the guide added, in the large view",
        menu="View",
    ),
    Action(
        "split",
        "Split",
        ("/",),
        "Raw left of a line, super-resolved right; drag it",
        True,
        True,
        menu="View",
    ),
    Action("edges", "Visible edges", ("Ctrl+E",), "Over the thermal picture", True, menu="View"),
    Action("blend", "Blend", ("Ctrl+B",), "The visible picture shines through", True, menu="View"),
    Action(
        "inset", "Picture in picture", ("Ctrl+P",), "Thermal inside the visible", True, menu="View"
    ),
    Action(
        "sigma",
        "Map of uncertainty",
        ("Ctrl+U",),
        "How far each place may be off",
        True,
        menu="View",
    ),
    Action(
        "residual",
        "Map of what is left",
        ("Ctrl+D",),
        "Against the sensor's own pixels",
        True,
        menu="View",
    ),
    Action("stronger", "More of it", ("Ctrl+Up",), "Stronger edges, more of a blend", menu="View"),
    Action("weaker", "Less of it", ("Ctrl+Down",), "Weaker edges, less of a blend", menu="View"),
    Action(
        "align",
        "Align ...",
        ("Ctrl+L",),
        "Line the two cameras up by hand or by itself",
        menu="View",
    ),
    Action(
        "side", "Side pictures", ("0",), "Show or hide the small pictures", True, True, menu="View"
    ),
    Action("plot", "Plots", ("G",), "Show or hide the plots", True, True, menu="View"),
    Action(
        "freeze",
        "Freeze",
        ("Space",),
        "Hold the picture; the run goes on behind it",
        True,
        True,
        live=True,
        menu="View",
    ),
    Action(
        "snapshot",
        "Snapshot",
        ("S",),
        "Save window, picture with legend, counts and degrees",
        False,
        True,
        menu="File",
    ),
    Action(
        "report",
        "Report ...",
        ("Ctrl+Shift+R",),
        "A page to hand on: pictures, values, curves, your remarks",
        menu="File",
    ),
    Action(
        "copy", "Copy values", ("Ctrl+C",), "What is read off the picture, as text", menu="File"
    ),
    Action(
        "copy_picture",
        "Copy picture",
        ("Ctrl+Shift+C",),
        "The large picture with all that is written on it",
        menu="File",
    ),
    Action("full_screen", "Full screen", ("F", "F11"), "Full screen, and back", True, menu="View"),
    Action("health", "Health", ("H",), "Streams, drops, processes and modes", menu="View"),
    Action(
        "find_action",
        "Find an action ...",
        ("Ctrl+K",),
        "Type a word of what is to be done",
        menu="Help",
    ),
    Action("help", "Keys", ("F1", "?"), "This sheet", False, True, menu="Help"),
    Action(
        "record",
        "Record",
        ("V",),
        "Record what is seen, in full; again: complete the file",
        True,
        True,
        live=True,
        menu="File",
        run=True,
    ),
    Action(
        "keep",
        "Keep the last 10 s",
        ("Shift+V",),
        "For a recording that begins later",
        True,
        live=True,
        menu="File",
        run=True,
    ),
    Action(
        "correct",
        "Shutter correction (FFC)",
        ("Shift+F",),
        "Let the thermal camera close its shutter and correct itself, where it can",
        live=True,
        menu="Measure",
        run=True,
    ),
    Action(
        "open_take",
        "Open the recording",
        ("Ctrl+R",),
        "See in this window what was recorded last",
        button=True,
        live=True,
        menu="File",
        run=True,
    ),
    Action(
        "open_recording",
        "Open ...",
        ("Ctrl+O",),
        "See a recording in this window; or drop its file here",
        menu="File",
        run=True,
    ),
    Action(
        "play_again",
        "Play again",
        ("Home",),
        "At the end of files: from their beginning",
        button=True,
        live=True,
        menu="File",
        run=True,
    ),
    Action("quit", "Quit", ("Q", "Ctrl+Q"), "Close the window and end the run", menu="File"),
)

_PLAYBACK_ACTIONS = (
    Action(
        "play", "Play or pause", ("Space",), "Stand still, or go on", replay=True, menu="Replay"
    ),
    Action(
        "step_back", "Step back", ("Left",), "One thermal frame back", replay=True, menu="Replay"
    ),
    Action(
        "step_forward", "Step on", ("Right",), "One thermal frame on", replay=True, menu="Replay"
    ),
    Action(
        "mark_back",
        "Mark before",
        ("Shift+Left",),
        "Mode change or event before",
        replay=True,
        menu="Replay",
    ),
    Action(
        "mark_forward",
        "Next mark",
        ("Shift+Right",),
        "Next mode change or event",
        replay=True,
        menu="Replay",
    ),
    Action("to_start", "Start", ("Home",), "To the first moment", replay=True, menu="Replay"),
    Action("to_end", "End", ("End",), "To the last moment", replay=True, menu="Replay"),
    Action("slower", "Slower", ("[",), "Down to 0.1 of its pace", replay=True, menu="Replay"),
    Action("faster", "Faster", ("]",), "Up to 10 times its pace", replay=True, menu="Replay"),
    Action("loop", "Loop", ("R",), "Begin again at the end", True, replay=True, menu="Replay"),
    Action(
        "set_loop_start",
        "Loop from here (A)",
        ("Shift+A",),
        "Play again and again from here",
        replay=True,
        menu="Replay",
    ),
    Action(
        "set_loop_end",
        "Loop to here (B)",
        ("Shift+B",),
        "Play again and again to here",
        replay=True,
        menu="Replay",
    ),
    Action(
        "clear_loop_range",
        "No A and B",
        ("Shift+C",),
        "Play all of it again",
        replay=True,
        menu="Replay",
    ),
)


_MEASURING_ACTIONS = (
    Action("tool_spot", "Spot", ("X",), "Pin a spot with the next click", True, measuring=True),
    Action("tool_line", "Line", ("N",), "Draw a line with the next drag", True, measuring=True),
    Action("tool_box", "Box", ("B",), "Draw a box with the next drag", True, measuring=True),
    Action("tool_ellipse", "Ellipse", ("O",), "Draw an ellipse", True, measuring=True),
    Action(
        "tool_polygon",
        "Polygon",
        ("Y",),
        "Click its corners; a double click ends it",
        True,
        measuring=True,
    ),
    Action("next_tool", "Next tool", (".",), "Select the next tool", measuring=True),
    Action("previous_tool", "Tool before", (",",), "Select the tool before", measuring=True),
    Action("rename_tool", "Name", ("F2",), "Name the selected tool", measuring=True),
    Action(
        "compare_tool", "Reference", ("D",), "Compare all with the selected tool", measuring=True
    ),
    Action("nudge_left", "Tool left", ("Alt+Left",), "By a pixel", measuring=True),
    Action("nudge_right", "Tool right", ("Alt+Right",), "By a pixel", measuring=True),
    Action("nudge_up", "Tool up", ("Alt+Up",), "By a pixel", measuring=True),
    Action("nudge_down", "Tool down", ("Alt+Down",), "By a pixel", measuring=True),
    Action("delete_tool", "Delete tool", ("Del", "Backspace"), "The selected one", measuring=True),
    Action("clear", "Clear", ("C",), "Take away all tools", measuring=True),
    Action("undo", "Undo", ("Ctrl+Z",), "Take back what was done to tools", measuring=True),
    Action("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do it again", measuring=True),
    Action(
        "object_parameters",
        "Object parameters",
        ("J",),
        "Emissivity, reflected temperature, air and window: of the picture, or of a tool",
        measuring=True,
    ),
    Action("alarms", "Alarms", ("K",), "What is watched for, and another alarm", measuring=True),
    Action("table", "Table", ("T",), "Show or hide what the tools read", True, measuring=True),
    Action("curves", "Curves", ("W",), "Show or hide curves over time", True, measuring=True),
    Action(
        "save_curves", "CSV", ("Ctrl+S",), "Save the curves among your pictures", measuring=True
    ),
    Action("copy_curves", "Copy curves", ("Ctrl+Shift+T",), "Copy them as a table", measuring=True),
    Action("copy_table", "Copy table", ("Ctrl+T",), "Copy what the tools read", measuring=True),
)
"""Kept apart from the others: `MeasuringActions` has their methods."""


_FRAMING_ACTIONS = tuple(
    Action(name, title, keys, tip, menu="View", framing=True)
    for name, title, keys, tip in (
        (
            "zoom_in",
            mark("Zoom in"),
            ("Ctrl++", "Ctrl+="),
            mark("Larger, about the pointer; or the wheel"),
        ),
        ("zoom_out", mark("Zoom out"), ("Ctrl+-",), mark("Smaller, until all of it fits")),
        ("zoom_to_fit", mark("Whole picture"), ("Ctrl+0",), mark("As large as fits the window")),
        (
            "pixel_for_pixel",
            mark("1:1"),
            ("Ctrl+1",),
            mark("A pixel of the picture is one of the screen"),
        ),
        (
            "move_left",
            mark("Look left"),
            ("Ctrl+Shift+Left",),
            mark("Or drag with the middle button"),
        ),
        ("move_right", mark("Look right"), ("Ctrl+Shift+Right",), mark("Or drag with Ctrl held")),
        ("move_up", mark("Look up"), ("Ctrl+Shift+Up",), mark("Or click into the small map")),
        ("move_down", mark("Look down"), ("Ctrl+Shift+Down",), mark("Or click into the small map")),
        ("turn", mark("Turn"), ("Z",), mark("A quarter of a turn, clockwise; the data stay")),
        (
            "flip_sideways",
            mark("Flip left to right"),
            ("Shift+Z",),
            mark("As in a mirror; the data stay"),
        ),
        (
            "flip_over",
            mark("Flip top to bottom"),
            ("Ctrl+Alt+Z",),
            mark("Upside down; the data stay"),
        ),
    )
)
"""Kept apart as well: `FramingActions` has their methods."""


def available_actions(*, replay: bool) -> tuple[Action, ...]:
    """What can be done in a live run, or in a replay."""
    if not replay:
        return (*ACTIONS, *_FRAMING_ACTIONS, *_MEASURING_ACTIONS)
    kept = tuple(action for action in ACTIONS if not action.live)
    return (*_PLAYBACK_ACTIONS, *kept, *_FRAMING_ACTIONS, *_MEASURING_ACTIONS)
