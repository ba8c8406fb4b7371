"""An item on its way through the network: what is read of it, and what comes of that in order."""

from collections.abc import Callable, Iterator

import msgspec

from streamer.calibration.calibration import Calibration
from streamer.enhance.items import Piece
from streamer.enhance.making.opened import OpenedItem
from streamer.enhance.making.results import Lockstep, Made
from streamer.enhance.making.tally import Tally
from streamer.errors import CorefusionError
from streamer.messages import SuperResolvedFrame
from streamer.recording import TimestampedMessage
from streamer.recording.schema import EncodedMessage
from streamer.replay.lockstep import STREAMS

_STAGE = "pair"  # of the times of a result, the one that the recording says, not this machine

Progress = Callable[[float], None]
"""Told which share of an item is done, 0 to 1."""


class Making:
    """An item on its way through the network.

    Args:
        source: what is read.
        lockstep: what is made of it.
        calibration: of its two cameras, if there is one.
        realigned: whether the changes of it in the source hold; else they are left out.
        progress: told how much of it is read.
        piece: what of it is made; None for all of it.

    Attributes:
        tally: what has come of it so far.
    """

    def __init__(
        self,
        source: OpenedItem,
        lockstep: Lockstep,
        calibration: Calibration | None,
        realigned: bool,
        progress: Progress,
        piece: Piece | None = None,
    ) -> None:
        self.source = source
        self.calibration = calibration
        self.tally = Tally()
        self._lockstep = lockstep
        self._realigned = realigned
        self._progress = progress
        self._piece = piece

    @property
    def follows_others(self) -> bool:
        """Whether its results depend on each other, so that no piece can be made alone."""
        return self._lockstep.follows_others

    @property
    def dropped(self) -> dict[str, int]:
        """Frames that made no result, by `STREAM/CAUSE`."""
        return self._lockstep.dropped

    def made(self, keep: Callable[[EncodedMessage], object] | None = None) -> Iterator[Made]:
        """Results and changes of mode in their order, without the times that differ by machine.

        Args:
            keep: takes each message of the source before anything is made of it.
        """
        try:
            for made in self._lockstep.made(self._read(keep)):
                message = made.message
                if isinstance(message, SuperResolvedFrame):
                    times = {_STAGE: message.stage_ms.get(_STAGE, 0.0)}
                    message = msgspec.structs.replace(message, stage_ms=times)
                    self.tally.add(message)
                yield Made(message, made.at_ns)
        except _PieceEndsError:
            return

    def _read(
        self, keep: Callable[[EncodedMessage], object] | None
    ) -> Iterator[TimestampedMessage]:
        for given in self.source.messages():
            if self._piece is not None:
                number = self._piece.of(given.share)
                if number > self._piece.number:
                    raise _PieceEndsError  # an end of what is read would be one of the recording
                self._lockstep.passing = number < self._piece.number
            kept = self._realigned or given.stored.stream != "calibration"
            if keep is not None and kept and not self._lockstep.passing:
                keep(given.stored)
            if given.stored.stream in STREAMS:
                yield given.recorded
            self._progress(given.share)


class _PieceEndsError(CorefusionError):
    """The next message is another piece's."""
