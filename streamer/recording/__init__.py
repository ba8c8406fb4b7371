"""Recordings, as the rest of the application knows them.

What is named here is imported when it is first asked for: who only needs the name or the place of a
recording is not to load the container and its codecs.
"""

import importlib
from typing import TYPE_CHECKING, Any

from streamer.config.recording import STREAMS, Codec, Codecs
from streamer.recording.errors import RecordingError
from streamer.recording.names import PART, SUFFIX
from streamer.recording.place import check_free

if TYPE_CHECKING:
    from streamer.recording.reader import RecordingReader, TimestampedMessage
    from streamer.recording.recovery import Recovery, recover
    from streamer.recording.schema import Recordable, RecordingInfo
    from streamer.recording.statistics import RecordingStatistics
    from streamer.recording.writing.segments import SegmentWriter, Writer
    from streamer.recording.writing.writer import RecordingWriter

__all__ = [
    "PART",
    "STREAMS",
    "SUFFIX",
    "Codec",
    "Codecs",
    "Recordable",
    "RecordingError",
    "RecordingInfo",
    "RecordingReader",
    "RecordingStatistics",
    "RecordingWriter",
    "Recovery",
    "SegmentWriter",
    "TimestampedMessage",
    "Writer",
    "check_free",
    "recover",
]

_MODULES = {
    "Recordable": "schema",
    "RecordingInfo": "schema",
    "RecordingReader": "reader",
    "RecordingStatistics": "statistics",
    "RecordingWriter": "writing.writer",
    "Recovery": "recovery",
    "SegmentWriter": "writing.segments",
    "TimestampedMessage": "reader",
    "Writer": "writing.segments",
    "recover": "recovery",
}


def __getattr__(name: str) -> Any:
    """Imports what is asked for by its name (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
