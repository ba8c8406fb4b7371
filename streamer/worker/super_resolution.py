"""Pairs to results: what the network makes of a pair, as the messages that say so. No sockets."""

import logging
import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from models.inference.prediction import check_frames
from models.temporal.carried import Carrier
from streamer.calibration.plain_data import as_recorded
from streamer.clock import NS_PER_MS, HostNs, StreamClock, StreamNs, after, later, now_ns, since
from streamer.messages import (
    INFLUENCE_ZERO,
    CalibrationChange,
    Frame,
    Mode,
    NetworkChange,
    PixelFormat,
    SuperResolvedFrame,
    Uncertainty,
)
from streamer.pictures.readings.reading_mask import ReadingMask
from streamer.thermal.validity import Mask
from streamer.worker.guides.alignment import GuideAlignment
from streamer.worker.networks.readying import PictureSizes, ReadyNetwork, made_ready
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.result_fields import (
    consistency_of,
    format_of,
    past_use_of,
    source_of,
)

if TYPE_CHECKING:
    from models.inference.prediction import Prediction
    from models.inference.predictor import Predictor


log = logging.getLogger(__name__)


class SuperResolver:
    """A predictor, and the count of its results.

    Args:
        predictor: the network.
        clock: the present of the frames, live or replayed.
        rate: how many seconds of the frames pass in one of the host; 1 live.
        announce: told in words before a compilation, which can outlast a heartbeat.
        alignment: how guides come to the canvas.
        finds_bad_pixels: whether pixels that are no readings are looked for over time.
        warms_up: whether every mode is tried beforehand, so that none has to be waited for later.

    Attributes:
        alignment: how guides come to the canvas.
        readings: which pixels of the thermal camera are readings.
        made: results so far.
        took_ms: how long the newest prediction took.
        alone: held while a result is made.
        choose: asked with each result's capture time which network makes it; it calls `use`, and
            gives the change that is to be told.
        network: what makes the newest result, where that is to be told.
        realigned: what the newest result is lined up by, where that is another than that of the
            one before.
        carry_ms: how long the newest try to carry a result took, whatever came of it.
    """

    def __init__(
        self,
        predictor: "Predictor",
        clock: StreamClock,
        rate: Callable[[], float],
        announce: Callable[[str], None],
        alignment: GuideAlignment | None = None,
        *,
        finds_bad_pixels: bool = True,
        warms_up: bool = True,
    ) -> None:
        self.alignment = alignment or GuideAlignment(None, 0.0)
        predictor.fit_guide = self.alignment.fit
        self.readings = ReadingMask(finds=finds_bad_pixels)
        self.made = 0
        self.took_ms = 0.0
        self.choose: Callable[[StreamNs], NetworkChange | None] | None = None
        self.network: NetworkChange | None = None
        self.realigned: CalibrationChange | None = None
        self.carry_ms = 0.0
        self.alone = threading.Lock()
        self._predictor = predictor
        self._clock = clock
        self._rate = rate
        self._announce = announce
        self._warms_up = warms_up
        self._series = object()  # one predictor may serve several recordings, one after another
        self._sensor: tuple[int, ...] = ()
        self._sizes = PictureSizes((0, 0), (0, 0))
        self._canvas = (0, 0)
        self._newest: tuple[FramePair, Frame, Prediction] | None = None
        self._past = predictor.past()
        self._shares_until_ns = HostNs(0)
        self._carrier: Carrier | None = None  # where pictures between results are asked for
        self._carries: Prediction | None = None  # what the carrier has begun with
        self._told_of_invalid = False

    @property
    def canvas(self) -> tuple[int, int]:
        """(H, W) of results; nothing before `prepare`."""
        return self._canvas

    def prepare(
        self,
        sensor: tuple[int, ...],
        guide: tuple[int, int],
        period_ms: float | None = None,
    ) -> None:
        """Compiles for pictures of these sizes, (H, W) each.

        Args:
            sensor: of the thermal frames.
            guide: of the visible ones.
            period_ms: between two thermal frames of a device, which results have to keep up with;
                None of what can wait.
        """
        self._sizes = PictureSizes((sensor[0], sensor[1]), guide, period_ms)
        self._canvas = self.readied(self._predictor).canvas
        self.alignment.takes(guide, self._sizes.sensor, self._canvas)
        self._sensor = sensor

    @property
    def predictor(self) -> "Predictor":
        """The network."""
        return self._predictor

    @property
    def sizes(self) -> PictureSizes:
        """Of the pictures that come; nothing before `prepare`."""
        return self._sizes

    @property
    def ready(self) -> ReadyNetwork:
        """The network as it is prepared."""
        return ReadyNetwork(self._predictor, self._sizes, self._canvas)

    def readied(self, predictor: "Predictor") -> ReadyNetwork:
        """A network, prepared for the pictures that come; results wait for it."""
        no_other = nullcontext()  # makes results meanwhile
        return made_ready(predictor, self._sizes, self._announce, no_other, warms_up=self._warms_up)

    def use(self, network: ReadyNetwork) -> None:
        """Makes results with another network from the next one on."""
        if network.sizes != self._sizes:  # another camera has come meanwhile
            network = self.readied(network.predictor)
        self._predictor, self._canvas = network.predictor, network.canvas
        self._predictor.fit_guide = self.alignment.fit
        self.alignment.takes(self._sizes.guide, self._sizes.sensor, self._canvas)
        self._past = self._predictor.past()
        self._newest = self._carrier = self._carries = None

    def make(self, work: FramePair | Frame) -> SuperResolvedFrame:
        """Super-resolves a pair, or makes what can be made of a visible frame alone.

        Raises:
            ValueError: the predictor cannot take such a picture.
        """
        pair, thermal, visible = self._taken(work)
        pivot = visible if thermal is None else thermal
        assert pivot is not None
        started_ns = now_ns()
        if self._past is not None:
            self._past.tells_shares = later(self._shares_until_ns, started_ns)
        with self.alone:
            prediction = self._predictor.predict(
                None if thermal is None else thermal.pixels,
                None if visible is None else visible.pixels,
                self._canvas,
                None if visible is None else self._key(visible),
                self._past,
                pivot.timestamp_ns,
            )
        self.took_ms = since(now_ns(), started_ns) / NS_PER_MS
        self._newest = None
        if pair is not None and visible is not None:
            self._newest = pair, visible, prediction
        mode = Mode.VISIBLE_ONLY
        if thermal is not None:
            mode = Mode.THERMAL_ONLY if visible is None else Mode.GUIDED
        self.made += 1
        sigma = prediction.sigma_counts
        return SuperResolvedFrame(
            sequence=self.made - 1,
            timestamp_ns=pivot.timestamp_ns,
            published_ns=self._clock(),
            mode=mode,
            pixel_format=format_of(prediction),
            pixels=prediction.pixels,
            thermal=source_of(thermal),
            visible=source_of(visible),
            radiometry=thermal.radiometry if thermal else None,
            skew_ms=pair.skew_ms if pair else None,
            stage_ms={"pair": pair.waited_ms if pair else 0.0, **prediction.stage_ms},
            consistency=consistency_of(prediction, thermal),
            uncertainty=None if sigma is None else Uncertainty.of(sigma),
            past=past_use_of(prediction, thermal),
        )

    def pass_over(self, work: FramePair | Frame) -> None:
        """Takes note of what somebody else makes: the next result is what it would be after it.

        Raises:
            ValueError: the predictor cannot take such a picture.
        """
        _, thermal, visible = self._taken(work)
        check_frames(
            None if thermal is None else thermal.pixels,
            None if visible is None else visible.pixels,
        )
        self._newest = None
        self.made += 1

    @property
    def follows_others(self) -> bool:
        """Whether a result depends on the pictures of those before it."""
        return self._past is not None

    def _taken(
        self, work: FramePair | Frame
    ) -> tuple[FramePair | None, Frame | None, Frame | None]:
        """A pair with its readings alone, and the thermal and the visible frame that are used."""
        pivot = work.thermal if isinstance(work, FramePair) else work
        if self.choose is not None:
            self.network = self.choose(pivot.timestamp_ns) or self.network
        pair = work if isinstance(work, FramePair) else None
        thermal = pair.thermal if pair else None
        visible = work.visible if isinstance(work, FramePair) else work
        if thermal is not None:
            filled, valid = self.readings.take(thermal.pixels, thermal.radiometry)
            if valid is not None:
                self._tell_of(valid)
                thermal = msgspec.structs.replace(thermal, pixels=filled)
                pair = None if pair is None else pair._replace(thermal=thermal)
        if thermal is not None and thermal.pixels.shape != self._sensor:
            self.prepare(thermal.pixels.shape, self._sizes.guide, self._sizes.period_ms)
        self._line_up(pivot.timestamp_ns)
        if pair is not None and pair.visible is not None:
            rows, columns = pair.visible.pixels.shape[:2]
            sensor = self._sensor[0], self._sensor[1]
            if not self.alignment.takes((rows, columns), sensor, self._canvas):
                pair, visible = pair._replace(visible=None), None
        return pair, thermal, visible

    def _line_up(self, moment_ns: StreamNs) -> None:
        changed = self.alignment.begin(moment_ns)
        if changed is None:
            return
        if self._past is not None:
            self._past.let_go()  # a guide that lies elsewhere now has not moved
        plain = as_recorded(changed.calibration)
        self.realigned = CalibrationChange(moment_ns, plain, changed.reason, changed.order)

    def _tell_of(self, valid: Mask) -> None:
        """Says once what of the thermal picture is taken for no reading."""
        if self._told_of_invalid or self.readings.bad is not None:  # which the mask says itself
            return
        self._told_of_invalid = True
        rows = np.flatnonzero(~valid.any(axis=1))
        words = f"{np.count_nonzero(~valid)} pixels of the thermal picture are no readings"
        if rows.size:
            words += f", rows {', '.join(map(str, rows[:8]))} among them (telemetry, or dead)"
        log.warning("%s: spans, extremes, triggers and results go without them", words)

    def look(self) -> None:
        """Compares the newest guide's edges with the thermal ones, when it is time to."""
        now = now_ns()
        if self._newest is None or not self.alignment.due(now):
            return
        pair, visible, _ = self._newest
        self.alignment.look(visible.pixels, pair.thermal.pixels, self._canvas, now)

    def forget(self) -> None:
        """The newest result is no longer the one that is looked at; what comes follows no other."""
        self._newest = None
        if self._past is not None:
            self._past.let_go()

    def tell_shares(self, until_ns: HostNs) -> None:
        """Results of several frames say where the past counts, at least until then."""
        self._shares_until_ns = until_ns

    @property
    def newest(self) -> FramePair | None:
        """What the newest result was made of; None where it had no guide."""
        return None if self._newest is None else self._newest[0]

    @property
    def guided_ns(self) -> StreamNs | None:
        """Capture time of the newest result's guide; None where it had none."""
        return None if self._newest is None else self._newest[1].timestamp_ns

    def carried(self, visible: Frame) -> SuperResolvedFrame | None:
        """The newest result, carried to a later visible frame by the guide's motion.

        Returns:
            A picture with the sequence of that result, which `predicted` marks; None where there is
            no guided result, or the guide is not recognised.
        """
        if self._newest is None:
            return None
        started_ns = now_ns()
        made = self._carried(self._newest, visible)
        self.carry_ms = since(now_ns(), started_ns) / NS_PER_MS
        return made and msgspec.structs.replace(made, stage_ms={"carry": self.carry_ms})

    def _carried(
        self, newest: tuple[FramePair, Frame, "Prediction"], visible: Frame
    ) -> SuperResolvedFrame | None:
        pair, guide, prediction = newest
        if visible.pixels.shape != guide.pixels.shape:
            return None
        if self._carries is not prediction:
            self._carries = prediction
            before = self._predictor.motion_picture(guide.pixels, self._canvas)
            self._carrier = self._carrier or Carrier()
            self._carrier.begin(prediction.pixels, before)
        present = self._predictor.motion_picture(visible.pixels, self._canvas)
        carried = None if self._carrier is None else self._carrier.carried(present)
        if carried is None:
            return None
        return SuperResolvedFrame(
            sequence=self.made - 1,
            timestamp_ns=visible.timestamp_ns,
            published_ns=self._clock(),
            mode=Mode.GUIDED,
            pixel_format=format_of(prediction),
            pixels=carried.pixels,
            thermal=source_of(pair.thermal),
            visible=source_of(visible),
            radiometry=pair.thermal.radiometry,
            predicted=carried.held,
        )

    def _key(self, visible: Frame) -> tuple[object, int, int, int]:
        """What tells a guide from every other that the predictor has seen."""
        return self._series, self.alignment.number, visible.sequence, visible.timestamp_ns

    def influence(self, period_ns: float | None) -> Frame | None:
        """What the guide added to the newest result: guided minus thermal-only, in counts.

        None when that result had no guide, or when there is no time for a second prediction before
        the next thermal frame: the guided result is never delayed for it. Without a period no frame
        is to come, and there is time.
        """
        if self._newest is None:
            return None
        pair, visible, guided = self._newest
        if period_ns is not None:
            next_ns = after(pair.thermal.timestamp_ns, period_ns)
            spare_ms = since(next_ns, self._clock()) / NS_PER_MS / self._rate()
            if spare_ms < self.took_ms:
                return None
        alone = self._predictor.predict(pair.thermal.pixels, None, self._canvas)
        if guided.past is not None:  # what the frames before gave it, the guide did not add
            guided = self._predictor.predict(
                pair.thermal.pixels, visible.pixels, self._canvas, self._key(visible)
            )
        added = guided.pixels.astype(np.int32) - alone.pixels + INFLUENCE_ZERO
        return Frame(
            stream="influence",
            sequence=pair.thermal.sequence,
            timestamp_ns=pair.thermal.timestamp_ns,
            pixel_format=PixelFormat.MONO16,
            pixels=np.clip(added, 0, 65535).astype(np.uint16),
            radiometry=pair.thermal.radiometry,
            metadata={"zero": INFLUENCE_ZERO},
        )
