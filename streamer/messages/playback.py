"""The messages that only a replay has: of the player, to it, and of lockstep."""

from enum import StrEnum

import msgspec

from streamer.clock import HostNs, StreamNs, after, since
from streamer.measuring.tool_set import ToolSet


class ModeInterval(msgspec.Struct, frozen=True):
    """The recording was in one mode from here to the next interval, or to its end.

    Attributes:
        start_ns: from when on.
        mode: which one.
    """

    start_ns: StreamNs
    mode: str


class TimelineEvent(msgspec.Struct, frozen=True, tag="event"):
    """An event other than a change of mode.

    Of ffc, gap, restart, disk, recording, clock, alarm, calibration or network. Recorded, and a
    mark on the time scale of a replay.

    Attributes:
        timestamp_ns: when.
        kind: one of these.
        text: what happened, in words.
    """

    timestamp_ns: StreamNs
    kind: str
    text: str


class RecordingTimeline(msgspec.Struct, frozen=True):
    """What a viewer shows of a recording as a whole. All times are the recording's, in order.

    Attributes:
        intervals: its modes.
        events: what happened besides.
        measuring: the tools and object parameters it was recorded with, if any.
    """

    intervals: tuple[ModeInterval, ...] = ()
    events: tuple[TimelineEvent, ...] = ()
    measuring: ToolSet | None = None


class PlayerState(msgspec.Struct, frozen=True, tag="player"):
    """Where the player is: at `host_ns` of this host's clock it was at `media_ns`.

    All times but `host_ns` are those of the recording.

    Attributes:
        host_ns: a moment of this host's monotonic clock.
        media_ns: the moment of the recording that was played then.
        rate: seconds of the recording a second.
        paused: whether it stands still; it does so at the end too.
        epoch: counts jumps; what was known of the streams before one holds no longer.
        start_ns: the beginning of the recording.
        end_ns: its end.
        ended: whether it stands still because it is at its end.
        loop: whether it begins again there.
        part: what is played, from A to B; None for all of it.
        shows: numbers of the frames to be seen where the last jump went, by stream.
        timeline: modes and events of the whole recording; sent now and then.
    """

    host_ns: HostNs
    media_ns: StreamNs
    rate: float
    paused: bool
    epoch: int
    start_ns: StreamNs
    end_ns: StreamNs
    ended: bool = False
    loop: bool = False
    part: tuple[StreamNs, StreamNs] | None = None
    shows: dict[str, int] = {}
    timeline: RecordingTimeline | None = None

    def now(self, host_ns: HostNs) -> StreamNs:
        """The recording's time at a moment of the host."""
        if self.paused:
            return self.media_ns
        return min(self.end_ns, after(self.media_ns, since(host_ns, self.host_ns) * self.rate))


class Step(msgspec.Struct, frozen=True, tag="step"):
    """Player to worker, in lockstep: do what this moment of the recording calls for, then answer.

    Attributes:
        number: counts steps.
        now_ns: the moment.
        stream: whose frame lies ready on its endpoint; None for none.
        lost: streams whose process was found dead at that moment of the recording.
    """

    number: int
    now_ns: StreamNs
    stream: str | None = None
    lost: tuple[str, ...] = ()


class StepDone(msgspec.Struct, frozen=True, tag="answer"):
    """Worker to player, in lockstep: all that a step called for is done.

    Attributes:
        number: of the step.
        results: how many the worker has made so far.
        depth: how many can wait for their last consumer before one is lost.
    """

    number: int
    results: int
    depth: int = 128


class PlaybackAction(StrEnum):
    """What the player can be told to do."""

    PAUSE = "pause"
    RESUME = "resume"
    RATE = "rate"  # value: 0.1 to 10
    SEEK = "seek"  # value: seconds from the start
    STEP = "step"  # value: thermal frames, forward or back
    LOOP = "loop"  # value: 0 or 1
    MARK = "mark"  # value: 1 for the next change of mode or event, -1 for the one before
    SET_LOOP_START = "from"  # value: seconds from the start; play from there only, again and again
    SET_LOOP_END = "to"  # value: seconds from the start; play to there only, again and again
    CLEAR_LOOP_RANGE = "whole"  # play all of it
    THUMBNAIL = "glance"  # value: seconds from the start; a thumbnail of that moment


class PlaybackCommand(msgspec.Struct, frozen=True, tag="wish"):
    """Viewer to player.

    Attributes:
        kind: what to do.
        value: how far or how fast, as the action says.
    """

    kind: PlaybackAction
    value: float = 0.0
