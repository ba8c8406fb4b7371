"""Panels beside the picture: each action shows the panel of its name, or hides it."""

from gui.language import mark
from gui.state.commands.action import Action

PANEL_ACTIONS = tuple(
    Action(name, title, keys, tip, True, menu="View", panel=True, submenu=mark("Panels"))
    for name, title, keys, tip in (
        (
            "cameras",
            mark("Cameras"),
            ("F6",),
            mark("Device, size, rate, shutter and times of each camera"),
        ),
        (
            "model",
            mark("Model and engine"),
            ("F7",),
            mark("The network, what it runs on, and another one for it"),
        ),
        ("log", mark("Log"), ("F8",), mark("What the processes of this run say, as they say it")),
        (
            "health",
            mark("Health"),
            ("H",),
            mark("Ages by stage, what was not used, processes and modes"),
        ),
    )
)
