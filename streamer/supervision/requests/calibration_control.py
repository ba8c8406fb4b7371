"""The calibration of a run under way: the file that was written anew, or that the window names."""

import logging
from pathlib import Path

from streamer.calibration.chosen import NONE, calibration_from
from streamer.calibration.errors import CalibrationError
from streamer.calibration.plain_data import as_recorded
from streamer.clock import NS_PER_S, HostNs, after, later
from streamer.config.schema import CalibrationConfig
from streamer.messages import CalibrationChange, CalibrationOrder

log = logging.getLogger(__name__)

_LOOK_EVERY_NS = NS_PER_S // 2

_Stamp = tuple[int, int, int]


class CalibrationControl:
    """Watches the calibration file of a run; what is written to it is to be used at once.

    Attributes:
        order: what is to be used, where that was given while the run goes on.
        used: what the worker says that it uses.

    Args:
        config: which file, and for which distance.
    """

    def __init__(self, config: CalibrationConfig) -> None:
        self.order: CalibrationOrder | None = None
        self.used: CalibrationChange | None = None
        self._distance_m = config.distance_m
        self._file: Path | None = None
        if config.file not in ("", NONE):
            self._file = Path(config.file).expanduser()
        self._stamp = None if self._file is None else _stamp_of(self._file)
        self._next_ns = HostNs(0)

    def take(self, file: Path) -> None:
        """Uses a file from now on, and whatever is written to it later."""
        self._file, self._stamp = file, _stamp_of(file)
        self._load(file)

    def poll(self, now_ns: HostNs) -> bool:
        """Looks whether the file was written anew; whether there is another order."""
        if self._file is None or later(self._next_ns, now_ns):
            return False
        self._next_ns = after(now_ns, _LOOK_EVERY_NS)
        stamp = _stamp_of(self._file)
        if stamp is None or stamp == self._stamp:
            return False  # a file that has gone takes nothing away
        self._stamp = stamp
        return self._load(self._file)

    def _load(self, file: Path) -> bool:
        try:
            found = calibration_from(file, self._distance_m)
        except CalibrationError as error:
            log.warning("%s; the run goes on as it was", error)
            return False
        plain = as_recorded(found)
        assert plain is not None  # there is a calibration
        number = 1 if self.order is None else self.order.number + 1
        self.order = CalibrationOrder(number, plain)
        log.info("both cameras are lined up by %s from now on", file.name)
        return True


def _stamp_of(file: Path) -> _Stamp | None:
    """What tells a file from the one that was there before; None where there is none."""
    try:
        found = file.stat()
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
