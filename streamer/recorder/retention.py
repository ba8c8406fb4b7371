"""How long segments are kept: by age, and by the size of all of them together.

Removed are whole segments that this program made and completed, the oldest first. What has another
name, or was made by another program, is not counted and stays; so does what is being written.
"""

import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from streamer.clock import NS_PER_S, StreamNs, since
from streamer.recording import PART, SUFFIX, RecordingError
from streamer.recording.wall_clock import ClockNote
from streamer.recording.writing.output_name import OutputName
from streamer.recording.writing.segment_file import RecordingFile

_DAY_NS = 24 * 3600 * NS_PER_S
_MB = 10**6
_UNSET_NS = 50 * 365 * _DAY_NS
"""Before 2020: the clock was not set when the segment was made, and its age is not known."""


class Removal(NamedTuple):
    """A segment beyond a limit: which one, and what kept it from being removed, if anything."""

    path: Path
    reason: str
    error: str = ""


class _Segment(NamedTuple):
    path: Path
    size: int
    end_ns: StreamNs | None  # by the clock of its run
    unix_ns: int | None  # since 1970, where it is known


_Key = tuple[Path, int, int]  # a file's path, number and time: another one is looked at anew


class Retention:
    """Keeps to the limits of a recording and, where its name is numbered, of those before it.

    Args:
        output: the folder that is written to.
        family: the name as it was typed; with a number in it, all folders so named are meant.
        keep_days: for how long; 0 for ever.
        keep_mb: up to which size; 0 without limit.
    """

    def __init__(self, output: Path, family: str, keep_days: float, keep_mb: float) -> None:
        self._output = output
        self._name = OutputName(output.with_name(family or output.name))
        self._keep_days, self._keep_mb = keep_days, keep_mb
        self._known: dict[_Key, _Segment | None] = {}
        self._stuck: set[Path] = set()

    @property
    def limited(self) -> bool:
        """Whether there is any limit: a single file has none."""
        return bool(self._keep_days or self._keep_mb) and self._output.suffix != SUFFIX

    def apply(self, now: ClockNote) -> list[Removal]:
        """Removes what is beyond the limits; what could not be removed is not tried again.

        Args:
            now: the present.
        """
        if not self.limited:
            return []
        folders = [self._output]
        if self._name.numbered:
            folders = [path for path in self._name.recordings() if path.suffix != SUFFIX]
        before, self._known = self._known, {}  # what is gone is forgotten
        segments: list[_Segment] = []
        size = 0
        for folder in folders:
            completed, unfinished = self._files_of(folder, before)
            segments += completed
            size += sum(segment.size for segment in completed) + unfinished
        done = []
        for segment in segments:
            reason = self._reason(segment, size, now)
            if reason is None or segment.path in self._stuck:
                continue
            done.append(self._remove(segment.path, reason))
            size -= 0 if done[-1].error else segment.size
        return done

    def _remove(self, path: Path, reason: str) -> Removal:
        try:
            path.unlink()
        except OSError as error:
            self._stuck.add(path)
            return Removal(path, reason, error.strerror or str(error))
        if path.parent != self._output:
            with suppress(OSError):  # something else is in it
                path.parent.rmdir()
        return Removal(path, reason)

    def _reason(self, segment: _Segment, size: int, now: ClockNote) -> str | None:
        if self._keep_mb and size > self._keep_mb * _MB:
            return f"{size / _MB:.0f} MB together, {self._keep_mb:g} kept (recording.keep_mb)"
        age_ns = self._age_ns(segment, now)
        if not self._keep_days or age_ns is None or age_ns <= self._keep_days * _DAY_NS:
            return None
        days = f"{age_ns / _DAY_NS:.1f} days old"
        return f"{days}, {self._keep_days:g} kept (recording.keep_days)"

    def _age_ns(self, segment: _Segment, now: ClockNote) -> int | None:
        """How old it is, where that is known.

        Of the present run the monotonic clock tells, whatever the time of day was set to: a segment
        of two hours ago is not ten days old because the clock was ten days behind.
        """
        if segment.path.parent == self._output and segment.end_ns is not None:
            return since(now.stream_ns, segment.end_ns)
        return None if segment.unix_ns is None else now.wall_ns - segment.unix_ns

    def _files_of(
        self, folder: Path, before: dict[_Key, _Segment | None]
    ) -> tuple[list[_Segment], int]:
        """The completed segments of a folder in order, and the bytes of the unfinished ones."""
        named = re.compile(
            rf"{re.escape(folder.name)}_(\d+){re.escape(SUFFIX)}({re.escape(PART)})?"
        )
        found: list[tuple[int, _Segment]] = []
        unfinished = 0
        try:
            entries = [(path, path.lstat()) for path in folder.iterdir()]
        except OSError:  # it, or a file of it, has gone meanwhile: the next time tells
            return [], 0
        for path, status in entries:
            name = named.fullmatch(path.name)
            if name is None or not stat.S_ISREG(status.st_mode):
                continue
            if name[2]:
                unfinished += status.st_size
                continue
            key = (path, status.st_ino, status.st_mtime_ns)
            segment = before[key] if key in before else _segment_of(path, status.st_size)
            self._known[key] = segment
            if segment is not None:
                found.append((int(name[1]), segment))
        return [segment for _, segment in sorted(found)], unfinished


def _segment_of(path: Path, size: int) -> _Segment | None:
    try:
        file = RecordingFile(path, lenient=False)
    except RecordingError:
        return None
    if not file.mcap.complete or not file.info.recording:
        return None
    end_ns = file.end_ns
    unix_ns = None if end_ns is None else file.clock.wall_ns(end_ns)
    known = unix_ns is not None and unix_ns > _UNSET_NS
    return _Segment(path, size, end_ns, unix_ns if known else None)
