"""Recordings, as the rest of the application knows them."""

from streamer.config.recording import STREAMS, Codec, Codecs
from streamer.recording.reader import RecordingReader, TimestampedMessage
from streamer.recording.recovery import Recovery, recover
from streamer.recording.schema import Recordable, RecordingError, RecordingInfo
from streamer.recording.segments import SegmentWriter, Writer, check_free
from streamer.recording.statistics import RecordingStatistics
from streamer.recording.writer import PART, SUFFIX, RecordingWriter

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
