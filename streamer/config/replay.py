"""What a player is told: which recording, which part of it, and how."""

import msgspec

from streamer.messages import CameraInfo


class ReplaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """The order to play.

    `lockstep` sends each frame when the worker has answered the last one; otherwise frames are
    paced by the player's clock, and those that come too late are skipped. `cameras` is what the
    recording says of its sensors. `first_s` and `last_s` count from its start. `every_s` is the
    interval of a time lapse; frames between its sets were left out on purpose. `compare` names the
    second model, if the window shows two side by side.
    """

    path: str
    cameras: dict[str, CameraInfo]
    first_s: float = 0.0
    last_s: float | None = None
    rate: float = 1.0
    loop: bool = False
    lockstep: bool = False
    every_s: float | None = None
    compare: str | None = None
