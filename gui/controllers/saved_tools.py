"""The tools of each pair of cameras, kept between runs in the ini file of the user's."""

import msgspec
from PySide6.QtCore import QSettings

from streamer.config.schema import CaptureConfig
from streamer.measuring.tool_set import ToolSet

_KEY = "viewer/tools"  # a name that files on users' disks have
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
        return self._all().get(self._pair, ToolSet())

    def write(self, tools: ToolSet) -> None:
        """Keeps the tools; of many pairs of cameras, those that were used last."""
        pairs = self._all()
        pairs.pop(self._pair, None)
        if tools != ToolSet():
            pairs[self._pair] = tools
        kept = dict(list(pairs.items())[-_MOST_PAIRS:])
        self._settings.setValue(_KEY, msgspec.json.encode(kept).decode())
        self._settings.sync()

    def _all(self) -> dict[str, ToolSet]:
        try:
            plain = msgspec.json.decode(str(self._settings.value(_KEY, "{}")))
        except msgspec.DecodeError:
            return {}
        pairs = {}
        for pair, tools in plain.items() if isinstance(plain, dict) else ():
            try:
                pairs[pair] = msgspec.convert(tools, ToolSet)
            except msgspec.ValidationError:
                continue
        return pairs
