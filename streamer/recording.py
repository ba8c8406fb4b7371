"""Recordings, as the rest of the application knows them."""

from streamer.record_settings import STREAMS, Codec, Codecs
from streamer.recording_format import Event, Recordable, RecordingError, RecordingInfo
from streamer.recording_reader import Recorded, RecordingReader
from streamer.recording_recover import Recovery, recover
from streamer.recording_segments import SegmentWriter, Writer, check_free
from streamer.recording_tally import Tally
from streamer.recording_writer import PART, SUFFIX, RecordingWriter

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
