"""Recordings, as the rest of the application knows them."""

from streamer.config.recording import STREAMS, Codec, Codecs
from streamer.recording.reader import Recorded, RecordingReader
from streamer.recording.recovery import Recovery, recover
from streamer.recording.schema import Event, Recordable, RecordingError, RecordingInfo
from streamer.recording.segments import SegmentWriter, Writer, check_free
from streamer.recording.statistics import Tally
from streamer.recording.writer import PART, SUFFIX, RecordingWriter

__all__ = [
    "PART",
    "STREAMS",
    "SUFFIX",
    "Codec",
    "Codecs",
    "Event",
    "Recordable",
    "Recorded",
    "RecordingError",
    "RecordingInfo",
    "RecordingReader",
    "RecordingWriter",
    "Recovery",
    "SegmentWriter",
    "Tally",
    "Writer",
    "check_free",
    "recover",
]
