"""Everything the keyboard can do: one table for actions, tooltips and the dialog of keys."""

from gui.state.commands.action import Action
from gui.state.commands.framing import FRAMING_ACTIONS
from gui.state.commands.measuring import MEASURING_ACTIONS
from gui.state.commands.panels import PANEL_ACTIONS
from gui.state.commands.playback import PLAYBACK_ACTIONS

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
    Action(
        "past",
        "Map of earlier frames",
        ("Ctrl+H",),
        "How much of each place was measured before",
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


def available_actions(*, replay: bool) -> tuple[Action, ...]:
    """What can be done in a live run, or in a replay."""
    if not replay:
        return (*ACTIONS, *FRAMING_ACTIONS, *PANEL_ACTIONS, *MEASURING_ACTIONS)
    kept = tuple(action for action in ACTIONS if not action.live)
    return (*PLAYBACK_ACTIONS, *kept, *FRAMING_ACTIONS, *PANEL_ACTIONS, *MEASURING_ACTIONS)
