"""What arrived, how the streams are doing and what to make next: no sockets, no clock."""

import logging

from streamer.clock import StreamNs, later, since
from streamer.config.schema import Config
from streamer.messages import SENSORS, CameraInfo, Frame, Mode, ModeChange, PixelFormat, StreamState
from streamer.messages.sequence import SequenceCounter
from streamer.worker.pairs.health import StreamHealth
from streamer.worker.pairs.modes import Drops, ModeMachine
from streamer.worker.pairs.pairing import FramePair, ThermalPivotPairing

log = logging.getLogger(__name__)


class PairScheduler:
    """Pairing, health and modes of the two streams, as the worker sees them.

    Attributes:
        drops: every frame that made no result, by stream and cause.

    Args:
        config: of the run.
        cameras: what the opened cameras give, by stream.
        drops: what was counted before a jump in a replay, to be counted on.
        counts_gaps: False for a time lapse, which is full of them.
    """

    def __init__(
        self,
        config: Config,
        cameras: dict[str, CameraInfo],
        drops: Drops | None = None,
        *,
        counts_gaps: bool = True,
    ) -> None:
        self.health = {
            stream: StreamHealth(
                config.health,
                cameras[stream].rate_hz if stream in cameras else camera.rate_hz,
                expected=camera.source != "none",
            )
            for stream, camera in (
                ("visible", config.capture.visible),
                ("thermal", config.capture.thermal),
            )
        }
        self.drops = Drops() if drops is None else drops
        self._counts_gaps = counts_gaps
        self.modes = ModeMachine()
        self.pairing = ThermalPivotPairing(config.pairing, config.inference.max_age_ms)
        self._sequences = {stream: SequenceCounter() for stream in SENSORS}
        self._fresh_visible: Frame | None = None
        self._began_ns: StreamNs | None = None
        self.pairing.follow(self.health["visible"].period_ns)
        self._wrong_logged: set[str] = set()

    def add(self, stream: str, message: object, now: StreamNs, *, stands: bool = False) -> None:
        """Takes a message of a stream's endpoint; anything unusable is counted as refused.

        Args:
            stream: whose endpoint it came by.
            message: whatever it is.
            now: the present.
            stands: whether time stands still: no other frame will come to end a loss then.
        """
        if not isinstance(message, Frame) or not self._fits(stream, message):
            self.drops[f"{stream}/refused"] += 1
            return
        if self._counts_gaps:
            self.drops[f"{stream}/gap"] += self._sequences[stream].missing(message.sequence)
        usable = self.health[stream].frame(message, now)
        self._began_ns = now if self._began_ns is None else self._began_ns
        if not usable:
            self.drops[f"{stream}/refused"] += 1
        elif stream == "visible":
            if self.modes.guide_refused and self.modes.mode is not Mode.VISIBLE_ONLY:
                self.drops["visible/refused"] += 1
            self.pairing.follow(self.health["visible"].period_ns)
            self.pairing.add_visible(message)
            if self.modes.mode is Mode.VISIBLE_ONLY and self._fresh_visible is not None:
                self.drops["visible/late"] += 1
            self._fresh_visible = message
        elif stands or self.health["thermal"].state(now) in (StreamState.OK, StreamState.LATE):
            self.drops["thermal/late"] += self.pairing.add_thermal(message, now)
        else:
            self.drops["thermal/refused"] += 1  # the first frames after a loss

    def states(self, now: StreamNs) -> dict[str, StreamState]:
        """How each stream is doing at `now`."""
        return {stream: health.state(now) for stream, health in self.health.items()}

    def judge(self, now: StreamNs) -> ModeChange | None:
        """Moves to the mode that the streams allow; returns the change if there is one.

        At the start each stream waits for the other, the thermal as a pivot does, the visible as
        long as a lost thermal is held: otherwise a run would begin with a result of one sensor.
        """
        if self.modes.mode is Mode.NO_SIGNAL and self._awaits_companion(now):
            return None
        states = self.states(now)
        return self.modes.update(states["thermal"], states["visible"], now)

    def next(self, now: StreamNs) -> FramePair | Frame | None:
        """The next pair to super-resolve, or a visible frame alone; None when nothing is due."""
        if self.modes.mode is Mode.VISIBLE_ONLY:
            frame, self._fresh_visible = self._fresh_visible, None
            return frame
        if self.modes.mode is Mode.NO_SIGNAL:
            return None
        if self.modes.mode is Mode.HOLD:
            self.drops["thermal/late"] += self.pairing.clear_pivots()
            return None
        self.drops["thermal/late"] += self.pairing.skip_late(now)
        return self.pairing.next(now, visible_usable=self.modes.mode is Mode.GUIDED)

    def settle(self) -> FramePair | Frame | None:
        """What is to be seen where time stands still and nothing more is under way.

        It is made of the newest frames that made no result yet, whatever they waited for: that
        will not come, and time that would end the wait does not pass.
        """
        if self.pairing.waiting:
            self.drops["thermal/late"] += self.pairing.waiting - 1
            return self.pairing.newest(self.health["visible"].stale_ns)
        alone = self.modes.mode is Mode.VISIBLE_ONLY or self.health["thermal"].awaited
        visible, self._fresh_visible = self._fresh_visible, None
        return visible if alone else None

    def _awaits_companion(self, now: StreamNs) -> bool:
        if self.health["thermal"].awaited:
            began_ns = self._began_ns
            return began_ns is not None and since(now, began_ns) < self.health["thermal"].lost_ns
        deadline = self.pairing.deadline_ns()
        return self.health["visible"].awaited and deadline is not None and later(deadline, now)

    def _fits(self, stream: str, frame: Frame) -> bool:
        visible = frame.pixel_format is PixelFormat.BGR8
        if frame.stream == stream and visible == (stream == "visible"):
            return True
        if stream not in self._wrong_logged:
            self._wrong_logged.add(stream)
            log.warning("%s: a frame of %s in %s came", stream, frame.stream, frame.pixel_format)
        return False
