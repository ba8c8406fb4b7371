"""Recorded messages through the worker's steps: the results that a headless replay makes."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from streamer.calibration.calibration import Calibration
from streamer.calibration.timeline import TimedCalibration
from streamer.clock import StreamNs
from streamer.config.schema import Config
from streamer.messages import Frame, ModeChange, SuperResolvedFrame
from streamer.recording import RecordingInfo, TimestampedMessage
from streamer.replay.lockstep import plan
from streamer.worker.as_recorded import recorded_cameras
from streamer.worker.guides.alignment import GuideAlignment
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.pairs.scheduler import PairScheduler
from streamer.worker.stepping import Arrival, step
from streamer.worker.super_resolution import SuperResolver

if TYPE_CHECKING:
    from models.inference.predictor import Predictor


class Made(NamedTuple):
    """A result or a change of mode, and the moment of the recording it was made at."""

    message: SuperResolvedFrame | ModeChange
    at_ns: StreamNs


class Lockstep:
    """A recording's way through pairing, health, modes and the network.

    Args:
        config: the configuration, with what the recording changes of it.
        info: of the recording.
        predictor: the network; it may have served other recordings before.
        calibration: of the two cameras; None takes guides for aligned.
        changes: what lines them up from when on.

    Attributes:
        passing: whether what is due is passed over: another process makes it. What follows is then
            what it would be behind the results that were left out.
    """

    def __init__(
        self,
        config: Config,
        info: RecordingInfo,
        predictor: "Predictor",
        calibration: Calibration | None = None,
        changes: Iterable[TimedCalibration] = (),
    ) -> None:
        cameras = recorded_cameras(info)
        self.passing = False
        self._now = StreamNs(0)
        self._scheduler = PairScheduler(config, cameras, counts_gaps=not info.every_s)
        self._resolver = SuperResolver(
            predictor,
            lambda: self._now,
            lambda: 1.0,
            lambda words: None,
            GuideAlignment(calibration, 0.0, changes),
            finds_bad_pixels=config.inference.find_bad_pixels,
            warms_up=False,
        )
        thermal = cameras.get("thermal", config.capture.thermal)
        visible = cameras.get("visible", config.capture.visible)
        self._resolver.prepare((thermal.height, thermal.width), (visible.height, visible.width))

    @property
    def follows_others(self) -> bool:
        """Whether a result depends on those before it, so that none can be passed over."""
        return self._resolver.follows_others

    @property
    def alignment(self) -> GuideAlignment:
        """How guides come to the canvas."""
        return self._resolver.alignment

    def make(self, work: FramePair | Frame) -> SuperResolvedFrame | None:
        """The result of a pair, or of a visible frame; None where it is passed over.

        Raises:
            ValueError: it has none.
        """
        if self.passing:
            self._resolver.pass_over(work)
            return None
        return self._resolver.make(work)

    @property
    def dropped(self) -> dict[str, int]:
        """Frames that made no result, by `STREAM/CAUSE`."""
        return {cause: count for cause, count in self._scheduler.drops.items() if count}

    def made(self, recorded: Iterable[TimestampedMessage]) -> Iterator[Made]:
        """The results of all messages.

        Args:
            recorded: messages of `streamer.replay.lockstep.STREAMS` in the order they arrived.
        """
        for planned in plan(recorded):
            frame = planned.frame
            if frame is not None and frame.stream == "truth":
                continue  # for a score alone: the worker never reads it
            self._now = planned.now_ns
            arrival = None if frame is None else Arrival(frame.stream, frame)
            for message in step(self._scheduler, self, self._now, arrival, planned.lost):
                if not self.passing:
                    yield Made(message, self._now)
