"""What a recorder does beside recording: completes what was cut off, removes what is too old.

It runs in a thread of the lowest priority, and rests as long as it works, so that the recording
neither waits for it at its start nor falls behind later.
"""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from streamer.config.recording import RecordSettings
from streamer.errors import CorefusionError
from streamer.recorder.retention import Retention
from streamer.recording import recover
from streamer.recording.recovery import Recovery, RecoveryStoppedError
from streamer.recording.wall_clock import ClockNote, read_clocks
from streamer.recording.writing.completion import (
    DamagedRecordingError,
    RecordingInUseError,
    complete,
)
from streamer.recording.writing.disk_space import free_bytes
from streamer.recording.writing.output_name import OutputName
from streamer.recording.writing.takes import unfinished_takes

log = logging.getLogger(__name__)

_EVERY_S = 10.0
_LOWEST = 19
_LONGEST_REST_S = 1.0
_MB = 10**6


class Housekeeper:
    """The thread, from `start` to `stop`.

    Args:
        settings: what is recorded, and what is kept.
        read: reads the clocks of the host.
        every_s: how often old segments are looked for.

    Attributes:
        removed: segments so far.
    """

    def __init__(
        self,
        settings: RecordSettings,
        read: Callable[[], ClockNote] = read_clocks,
        every_s: float = _EVERY_S,
    ) -> None:
        self.removed = 0
        output = Path(settings.output)
        self._name = OutputName(output.with_name(settings.family or output.name))
        self._takes = output.parent if settings.take else None
        self._stop_bytes = settings.stop_mb * _MB
        self._retention = Retention(output, settings.family, settings.keep_days, settings.keep_mb)
        self._read = read
        self._every_s = every_s
        self._told: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._worked_from = 0.0
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends soon; what is under way is left as it was."""
        self._stop.set()

    def join(self, timeout_s: float) -> bool:
        """Waits for its end, if it has begun; whether that has come."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def news(self) -> list[str]:
        """What it has done since the last call, one line each, files by their names."""
        lines = []
        with suppress(queue.Empty):
            while True:
                lines.append(self._told.get_nowait())
        return lines

    def _run(self) -> None:
        with suppress(OSError, AttributeError):  # of this thread alone, as Linux has it
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)
        try:
            self._complete_unfinished()
            while not self._stop.is_set():
                self._remove_old()
                self._stop.wait(self._every_s)
        except Exception:  # a bug here must not be silent, and must not end the recording
            log.exception("unfinished and old recordings are no longer looked after")

    def _complete_unfinished(self) -> None:
        # A take is named by its date, so one that was cut off has no later one of its name.
        takes = self._takes
        for part in self._name.unfinished() if takes is None else unfinished_takes(takes):
            if self._stop.is_set():
                return
            self._worked_from = time.monotonic()
            try:
                done = self._completed(part)
            except RecordingInUseError:
                continue  # by this recorder, or by another run
            except RecoveryStoppedError:
                return
            except CorefusionError as error:
                log.warning("left as it is: %s", error)
                continue
            words = f"{done.path.name}: completed, as a run that was cut off left it"
            log.warning("%s (%d messages, %.1f s)", words, done.messages, done.seconds)
            self._told.put(words)

    def _completed(self, part: Path) -> Recovery:
        """Completes a file in its place; one that is damaged inside by a copy, if there is room."""
        try:
            return complete(part, go_on=self._rested)
        except DamagedRecordingError:
            if free_bytes(part) - part.stat().st_size < self._stop_bytes:
                raise
            return recover(part, go_on=self._rested)

    def _rested(self) -> bool:
        """Rests as long as it has worked; whether to go on."""
        worked_s = time.monotonic() - self._worked_from
        stopped = self._stop.wait(min(worked_s, _LONGEST_REST_S))
        self._worked_from = time.monotonic()
        return not stopped

    def _remove_old(self) -> None:
        for removal in self._retention.apply(self._read()):
            if removal.error:
                log.warning("%s cannot be removed: %s", removal.path, removal.error)
                continue
            self.removed += 1
            words = f"{removal.path.name} removed: {removal.reason}"
            log.info("%s", words)
            self._told.put(words)
