"""What the player says, hears and is told: messages that only a replay has."""

from enum import StrEnum

import msgspec


class Band(msgspec.Struct, frozen=True):
    """The recording was in one mode from here to the next band, or to its end."""

    start_ns: int
    mode: str


class Happening(msgspec.Struct, frozen=True):
    """Something worth a mark on the time scale: ffc, gap, restart, disk, recording."""

    at_ns: int
    kind: str
    words: str


class Chapters(msgspec.Struct, frozen=True):
    """What a viewer shows of a recording as a whole. All times are the recording's, in order."""

    bands: tuple[Band, ...] = ()
    happenings: tuple[Happening, ...] = ()


class PlayerState(msgspec.Struct, frozen=True, tag="player"):
    """Where the player is: at `host_ns` of this host's clock it was at `media_ns`.

    `epoch` counts jumps: what was known of the streams before one holds no longer. `start_ns` and
    `end_ns` are the ends of the recording. All but `host_ns` are times of the recording.
    `paused` holds at the end too; `ended` tells the two apart. `part` is what is played, from A to
    B; None for all of it. `shows` has the numbers of the frames to be seen where the last jump
    went, by stream. `chapters` come along now and then.
    """

    host_ns: int
    media_ns: int
    rate: float
    paused: bool
    epoch: int
    start_ns: int
    end_ns: int
    ended: bool = False
    loop: bool = False
    part: tuple[int, int] | None = None
    shows: dict[str, int] = {}
    chapters: Chapters | None = None

    def now(self, host_ns: int) -> int:
        """The recording's time at a moment of the host."""
        if self.paused:
            return self.media_ns
        return min(self.end_ns, self.media_ns + round((host_ns - self.host_ns) * self.rate))


class Step(msgspec.Struct, frozen=True, tag="step"):
    """Lockstep: it is now `now_ns`; a frame of `stream` lies ready on its endpoint, or none.

    `lost` names streams whose process was found dead at that moment of the recording.
    """

    number: int
    now_ns: int
    stream: str | None = None
    lost: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """The worker has done all that step `number` called for, and made `results` results so far."""

    number: int
    results: int


class WishKind(StrEnum):
    """What a viewer may wish of the player."""

    PAUSE = "pause"
    RESUME = "resume"
    RATE = "rate"  # value: 0.1 to 10
    SEEK = "seek"  # value: seconds from the start
    STEP = "step"  # value: thermal frames, forward or back
    LOOP = "loop"  # value: 0 or 1
    MARK = "mark"  # value: 1 for the next change of mode or event, -1 for the one before
    FROM = "from"  # value: seconds from the start; play from there only, again and again
    TO = "to"  # value: seconds from the start; play to there only, again and again
    WHOLE = "whole"  # play all of it
    GLANCE = "glance"  # value: seconds from the start; a thumbnail of that moment


class Wish(msgspec.Struct, frozen=True, tag="wish"):
    """One wish."""

    kind: WishKind
    value: float = 0.0
