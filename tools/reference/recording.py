"""The page recording.md: what is in a recording, record by record."""

import typing

from streamer.config.recording import STREAMS, Codecs
from streamer.messages import TimelineEvent
from streamer.recording.container.writer import COMPRESSION
from streamer.recording.names import PART, SUFFIX
from streamer.recording.schema import (
    CALIBRATION_TOPIC,
    FORMAT,
    INFO_NAME,
    LOG_TOPIC,
    NETWORK_TOPIC,
    SESSION_TOPIC,
    TOPICS,
    Recordable,
    RecordingInfo,
    schemas,
)
from streamer.recording.statistics import TALLY_NAME, RecordingStatistics, StreamStatistics
from streamer.recording.summary import RecordedChange, RecordingSummary, StreamSummary
from streamer.recording.wall_clock import CLOCK_NAME, ClockNote
from streamer.recording.writing.writer import CHUNK_NS
from tools.reference.markdown import code, page, prose, table
from tools.reference.structs import enum_part, struct_part

_HEAD = f"""
A recording is an [MCAP](https://mcap.dev) file that Foxglove and ROS tools open. Its format is
{FORMAT}: a reader refuses a later one and reads every earlier one.

`log_time` of a message is when it came to the recorder, `publish_time` when its sender published
it, both in nanoseconds since 1970. Times inside headers are those of the host's monotonic clock;
`wall_offset_ns` of the description leads from one to the other. `sequence` is the sensor's.

A host may learn the time of day only while it records. The record `{CLOCK_NAME}` notes it every
minute and when a clock has jumped; `info` and `export` go by the last note of each file, and by it
correct what was before. A moment `t` was at `t` + `suspended_ns` of the last note before it +
(`wall_ns` - `stream_ns` - `suspended_ns`) of the last note of the file. Without a note, `t` +
`wall_offset_ns`.

An unfinished file is called `NAME{SUFFIX}{PART}`. Chunks are compressed with {COMPRESSION} and
closed at least every {CHUNK_NS / 1e9:g} s, so that a killed recorder loses no more than that;
`corefusion recover` makes a whole file of what is there. A folder of segments holds
`NAME_0000{SUFFIX}`, `NAME_0001{SUFFIX}` and so on, each a recording of its own.
"""

_METADATA = f"""
The record `{INFO_NAME}` holds the fields below, each as JSON text; it is written again when more is
known, and the last one counts. The record `{TALLY_NAME}` has one field, `tally`: what was counted,
written at the end. The record `{CLOCK_NAME}` has one, `notes`: a list of ClockNote, written again
with each new one; again the last one counts.
"""


def recording_page() -> str:
    """The page."""
    known = schemas()
    rows = [
        [
            code(topic),
            ", ".join(code(name) for name in names),
            ", ".join(sorted({known[name].message_encoding for name in names})),
            _content(topic),
        ]
        for topic, names in TOPICS.items()
    ]
    recorded = ", ".join(code(kind.__name__) for kind in typing.get_args(Recordable))
    return page(
        "Recordings",
        prose(_HEAD),
        "## Topics\n\n" + table(["topic", "schema", "encoding", "content"], rows),
        prose(
            f"""The messages behind them are {recorded} of [messages.md](messages.md); a topic that
            is not listed is passed over by a reader."""
        ),
        struct_part(TimelineEvent, f"Events of {LOG_TOPIC}"),
        "## Metadata",
        prose(_METADATA),
        struct_part(RecordingInfo, f"`{INFO_NAME}`: {RecordingInfo.__name__}", level=3),
        struct_part(Codecs, level=3),
        enum_part(type(Codecs().visible), level=3),
        struct_part(
            RecordingStatistics, f"`{TALLY_NAME}`: {RecordingStatistics.__name__}", level=3
        ),
        struct_part(StreamStatistics, level=3),
        struct_part(ClockNote, f"`{CLOCK_NAME}`: {ClockNote.__name__}", level=3),
        struct_part(RecordingSummary, "corefusion info --json"),
        struct_part(StreamSummary, level=3),
        struct_part(RecordedChange, level=3),
    )


def _content(topic: str) -> str:
    stream, _, part = topic.strip("/").partition("/")
    if topic == LOG_TOPIC:
        return "a change of mode or an event: its text for people, and the message in `corefusion`"
    if topic == SESSION_TOPIC:
        return "the state of the session, once a second"
    if topic == CALIBRATION_TOPIC:
        return "what both cameras are lined up by from a moment on, where that changed"
    if topic == NETWORK_TOPIC:
        return "which network makes the results from a moment on, where that changed"
    assert stream in STREAMS
    if part == "image":
        return f"the picture of `{stream}`"
    return "the rest of the same message, in JSON; `pixels` says type and shape"
