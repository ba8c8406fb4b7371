"""Tools and alarms of each pair of cameras, kept between runs in the ini file of the user's."""

from typing import Any

import msgspec
from PySide6.QtCore import QSettings

from gui.state.framing.orientation import Orientation
from gui.state.viewer_state import ViewerState
from streamer.config.schema import CaptureConfig, Config
from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.tool_set import ToolSet

_TOOLS, _ALARMS = "viewer/tools", "viewer/alarms"  # names that files on users' disks have
_ORIENTATION = "viewer/orientation"
_MOST_PAIRS = 50


class SavedTools:
    """Reads once at start, writes once at the end. Broken entries are forgotten.

    Args:
        cameras: the pair whose tools these are.
    """

    def __init__(self, cameras: CaptureConfig) -> None:
        self._pair = f"{cameras.visible.source} + {cameras.thermal.source}"
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "corefusion-live", "viewer"
        )

    def read(self) -> ToolSet:
        """What was measured with, with these cameras, when the window was last closed."""
        tools: ToolSet = self._all(_TOOLS, ToolSet).get(self._pair, ToolSet())
        return tools

    def read_alarms(self) -> tuple[AlarmRule, ...]:
        """The rules that the window had then. They start no program: those are configured."""
        rules: tuple[AlarmRule, ...] = self._all(_ALARMS, tuple[AlarmRule, ...]).get(self._pair, ())
        return rules

    def read_orientation(self) -> Orientation:
        """Which way up their pictures were shown."""
        way: Orientation = self._all(_ORIENTATION, Orientation).get(self._pair, Orientation())
        return way

    def write_orientation(self, orientation: Orientation) -> None:
        """Keeps which way up they are shown: a camera is mounted once."""
        self._write(_ORIENTATION, Orientation, orientation, Orientation())

    def write(self, tools: ToolSet, alarms: tuple[AlarmRule, ...] = ()) -> None:
        """Keeps both; of many pairs of cameras, those that were used last."""
        self._write(_TOOLS, ToolSet, tools, ToolSet())
        self._write(_ALARMS, tuple[AlarmRule, ...], alarms, ())
        self._settings.sync()

    def _write(self, key: str, kind: Any, value: Any, nothing: Any) -> None:
        pairs = self._all(key, kind)
        pairs.pop(self._pair, None)
        if value != nothing:
            pairs[self._pair] = value
        kept = dict(list(pairs.items())[-_MOST_PAIRS:])
        self._settings.setValue(key, msgspec.json.encode(kept).decode())

    def _all(self, key: str, kind: Any) -> dict[str, Any]:
        try:
            plain = msgspec.json.decode(str(self._settings.value(key, "{}")))
        except msgspec.DecodeError:
            return {}
        pairs = {}
        for pair, value in plain.items() if isinstance(plain, dict) else ():
            try:
                pairs[pair] = msgspec.convert(value, kind)
            except msgspec.ValidationError:
                continue
        return pairs


def begin_with(state: ViewerState, config: Config, saved: SavedTools | None) -> None:
    """Gives a first state its tools, alarms and orientation.

    Tools are those that are configured; else those that were there with these cameras. Alarms are
    those that are configured, and those that were made in the window with these cameras.

    Args:
        state: of the window.
        config: of the run.
        saved: what is kept for its cameras; None where nothing is.
    """
    configured, rules = config.measuring, config.alarms.rules
    names = {rule.name for rule in rules}
    own = () if saved is None else saved.read_alarms()
    state.measuring.begin(configured if saved is None or configured != ToolSet() else saved.read())
    state.alarms = (*rules, *(rule for rule in own if rule.name not in names))
    state.orientation = state.orientation if saved is None else saved.read_orientation()


def keep(state: ViewerState, config: Config, saved: SavedTools) -> None:
    """Keeps what `begin_with` is to find the next time."""
    own = tuple(rule for rule in state.alarms if rule not in config.alarms.rules)
    saved.write_orientation(state.orientation)
    saved.write(state.measuring.tools, own)
