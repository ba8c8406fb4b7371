"""What a user can do, as tables of it say it."""

import msgspec


class Action(msgspec.Struct, frozen=True):
    """One thing a user can do; `ViewerActions` has a method of the same name.

    Those of a `replay` are methods of `PlaybackActions`, those of `measuring` of
    `MeasuringActions`, those of `framing` of `FramingActions`; those of `live` are not there in a
    replay. Those of the `run` are commands to the supervisor: methods of `RunActions`. Those of a
    `panel` show and hide the panel of their name. Each is in the `menu` of its name, those with a
    `submenu` below that.
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
    panel: bool = False
    submenu: str = ""
