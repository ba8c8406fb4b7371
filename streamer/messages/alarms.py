"""What the window and recordings are told of alarms."""

import msgspec

from streamer.clock import StreamNs


class AlarmState(msgspec.Struct, frozen=True, kw_only=True):
    """Where one alarm stands.

    Attributes:
        name: of its rule.
        tool: that it watches; empty for the whole picture.
        text: its condition, and the value where there is one.
        since_ns: since when it holds, in the time of the frames; None while it does not.
        problem: why it cannot hold at all, in words; empty if it can.
        sound: whether it beeps.
        snapshot: whether it saves a snapshot.
        record: whether a recording is to be made of it.
    """

    name: str
    tool: str = ""
    text: str = ""
    since_ns: StreamNs | None = None
    problem: str = ""
    sound: bool = True
    snapshot: bool = False
    record: bool = False

    @property
    def active(self) -> bool:
        """Whether it holds."""
        return self.since_ns is not None
