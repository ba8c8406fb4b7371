"""The messages that only a replay has: of the player, to it, and of lockstep."""

from enum import StrEnum

import msgspec

from streamer.clock import HostNs, StreamNs, after, since


class ModeInterval(msgspec.Struct, frozen=True):
    """The recording was in one mode from here to the next interval, or to its end."""

    start_ns: StreamNs
    mode: str


class TimelineEvent(msgspec.Struct, frozen=True, tag="event"):
    """Something that happened, other than a change of mode: ffc, gap, restart, disk, recording.

    Recorded, and a mark on the time scale of a replay.
    """

    timestamp_ns: StreamNs
    kind: str
    text: str


class RecordingTimeline(msgspec.Struct, frozen=True):
    """What a viewer shows of a recording as a whole. All times are the recording's, in order."""

    intervals: tuple[ModeInterval, ...] = ()
    events: tuple[TimelineEvent, ...] = ()


class PlayerState(msgspec.Struct, frozen=True, tag="player"):
    """Where the player is: at `host_ns` of this host's clock it was at `media_ns`.

    `epoch` counts jumps: what was known of the streams before one holds no longer. `start_ns` and
    `end_ns` are the ends of the recording. All but `host_ns` are times of the recording.
    `paused` holds at the end too; `ended` tells the two apart. `part` is what is played, from A to
    B; None for all of it. `shows` has the numbers of the frames to be seen where the last jump
    went, by stream. `timeline` come along now and then.
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
    """Lockstep: it is now `now_ns`; a frame of `stream` lies ready on its endpoint, or none.

    `lost` names streams whose process was found dead at that moment of the recording.
    """

    number: int
    now_ns: StreamNs
    stream: str | None = None
    lost: tuple[str, ...] = ()


class StepDone(msgspec.Struct, frozen=True, tag="answer"):
    """The worker has done all that step `number` called for, and made `results` results so far."""

    number: int
    results: int


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
    """Viewer to player."""

    kind: PlaybackAction
    value: float = 0.0
