"""The chapters of a recording: modes and happenings, read beside the playing."""

import logging
import threading
from collections.abc import Iterable
from pathlib import Path

from streamer.clock import NS_PER_MS, NS_PER_S
from streamer.messages import Band, Chapters, Happening, ModeChange, SessionStatus
from streamer.recording import Event, Recorded, RecordingError, RecordingReader

log = logging.getLogger(__name__)

_FIRST_WORDS_NS = 3 * NS_PER_S  # the supervisor speaks at least this often
_SHORTEST_NS = 20 * NS_PER_MS  # less than a frame: it was in no mode yet when it began
_MOST = 5000  # of each kind; a message shall stay a small one


class ChaptersReader:
    """Reads the chapters in a thread of its own: of a long recording that takes a while.

    Attributes:
        chapters: what was found; None until it is all there.
    """

    def __init__(self, path: Path) -> None:
        self.chapters: Chapters | None = None
        self._path = path
        threading.Thread(target=self._read, name="chapters", daemon=True).start()

    def _read(self) -> None:
        try:
            reader = RecordingReader(self._path)
            start_ns = reader.start_ns or 0
            found = chapters_of(reader.read(("log",)), start_ns)
            if not found.bands:  # no change of mode: then it was in one all the time
                early = reader.read(("session",), start_ns, start_ns + _FIRST_WORDS_NS)
                found = Chapters(_only_band(early, start_ns), found.happenings)
        except RecordingError as error:
            log.warning("no time scale for the viewer: %s", error)
        else:
            self.chapters = found


def chapters_of(recorded: Iterable[Recorded], start_ns: int) -> Chapters:
    """Puts changes of mode and events, in the order of their arrival, into chapters."""
    bands: list[Band] = []
    happenings: list[Happening] = []
    for message, arrived_ns in recorded:
        if isinstance(message, ModeChange):
            if not bands:
                bands.append(Band(start_ns, message.previous.value))
            if arrived_ns - bands[-1].start_ns < _SHORTEST_NS:
                bands.pop()
                arrived_ns = start_ns if not bands else arrived_ns
            bands.append(Band(arrived_ns, message.current.value))
        elif isinstance(message, Event):
            happenings.append(Happening(arrived_ns, message.kind, message.text))
    return Chapters(tuple(bands[:_MOST]), tuple(happenings[:_MOST]))


def _only_band(recorded: Iterable[Recorded], start_ns: int) -> tuple[Band, ...]:
    for message, _ in recorded:
        status = message.statuses.get("inference") if isinstance(message, SessionStatus) else None
        if status is not None and status.mode is not None:
            return (Band(start_ns, status.mode.value),)
    return ()
