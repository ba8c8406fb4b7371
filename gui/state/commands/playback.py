"""What can be done in a replay: `PlaybackActions` has the methods."""

from gui.state.commands.action import Action

PLAYBACK_ACTIONS = (
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
