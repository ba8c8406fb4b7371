"""How the pictures can be turned and magnified: `FramingActions` has the methods."""

from gui.language import mark
from gui.state.commands.action import Action

FRAMING_ACTIONS = tuple(
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
