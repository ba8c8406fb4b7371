"""The recordings that were seen last, in the user's ini file: what File > Open recent offers."""

from pathlib import Path

from PySide6.QtCore import QSettings

_KEY = "viewer/recent"  # a name that files on users' disks have
_MOST = 8


class RecentFiles:
    """The newest first; what has gone is not offered."""

    def __init__(self) -> None:
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "corefusion-live", "viewer"
        )

    def paths(self) -> list[Path]:
        """Those that are still there."""
        return [path for path in self._kept() if path.exists()]

    def add(self, path: Path) -> None:
        """Puts a recording first."""
        others = [other for other in self._kept() if other != path]
        self._settings.setValue(_KEY, [str(one) for one in (path, *others)][:_MOST])
        self._settings.sync()

    def _kept(self) -> list[Path]:
        kept = self._settings.value(_KEY, [])
        names = [kept] if isinstance(kept, str) else kept  # of a list of one, Qt makes its item
        return [Path(str(name)) for name in names] if isinstance(names, list) else []
