"""Which frames of a paced replay belong to the present. No sockets.

The news of a jump travels on another socket than the frames of the moment it went to. On a busy
host either may come first; each frame says itself after which jump it was read.
"""

from collections import deque

import msgspec

from streamer.messages import Frame
from streamer.worker.pairs.modes import Drops

_EARLY = 8
"""Frames that are kept until their jump is told of: what one shows, and what is due right after."""


class JumpGate:
    """Lets frames of the present through, keeps those of a jump not yet told of.

    Args:
        drops: where frames are counted that were read before the last jump: `STREAM/jump`.
    """

    def __init__(self, drops: Drops) -> None:
        self.epoch = 0
        self._drops = drops
        self._early: deque[tuple[str, Frame]] = deque()

    def lets_through(self, stream: str, frame: Frame) -> bool:
        """Whether a frame that has come is of the present."""
        epoch = frame.epoch
        if epoch is msgspec.UNSET or epoch == self.epoch:
            return True
        if epoch < self.epoch or len(self._early) == _EARLY:
            self._drops[f"{stream}/jump"] += 1
        else:
            self._early.append((stream, frame))
        return False

    def jumped(self, epoch: int) -> list[tuple[str, Frame]]:
        """The present is after another jump: gives what came of it before the news, in order."""
        self.epoch = epoch
        early, self._early = self._early, deque()
        return [(stream, frame) for stream, frame in early if self.lets_through(stream, frame)]
