"""What the frames before a result gave it."""

import msgspec


class PastUse(msgspec.Struct, frozen=True):
    """How much of the past is in a result of several frames.

    Attributes:
        frames: of how many frames it is made, itself included; 1 is the result of one frame.
        share: 0 to 1: how much of what the frames before measured still counts.
        noise_counts: standard deviation of the sensor's noise from frame to frame, in counts.
        noise_mk: the same in millikelvin (a NETD); None without radiometry.
        let_go: why the past was forgotten at this frame: pause, jump, size or scene; empty where it
            was not.
    """

    frames: int
    share: float
    noise_counts: float
    noise_mk: float | None = None
    let_go: str = ""

    def __post_init__(self) -> None:
        if self.frames < 1 or not 0 <= self.share <= 1:
            raise ValueError(
                f"past of {self.frames} frames, share {self.share}: wanted 1 or more, and 0 to 1"
            )
