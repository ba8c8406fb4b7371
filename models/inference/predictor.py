"""Arrays in, arrays out: one thermal and one visible frame become one super-resolved frame.

    predictor = build_predictor(PredictorSettings())
    predictor.warm_up((60, 80), (480, 640))
    prediction = predictor.predict(thermal, guide)

No sockets, no clocks but for the stage times, no torch unless the engine is torch.
"""

import copy
import logging
import time
from collections.abc import Callable, Hashable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.engines.engine import Base, Guide, GuideHandle
from models.engines.factory import EngineFactory, engine_factory
from models.engines.pool import EnginePool
from models.imaging.agreement import consistency
from models.imaging.canvas import Canvas, canvas_for, fitted, padded, padded_size
from models.imaging.network_inputs import WHITE, base_of_counts, upsampled
from models.imaging.normalisation import AffineMap, affine_map
from models.inference.guide_cache import GuideCache
from models.inference.known_checkpoints import KnownCheckpoints
from models.inference.prediction import (
    RELATIVE_MAX,
    PastUse,
    Prediction,
    check_frames,
    rounded,
    stages,
)
from models.inference.settings import PredictorSettings
from models.inference.uncertainty import ErrorEstimator, estimator_of
from models.registry import WEIGHTS, find_model
from models.temporal import Fused, Grey, Past, grey_of_guide

__all__ = ["Predictor", "PredictorSettings", "build_predictor"]

log = logging.getLogger(__name__)

GuideFit = Callable[[Guide, Canvas], Guide]
"""A guide, (h, w, 3), and the (H, W) it is brought to."""


class Predictor:
    """A model on an engine, fed with frames. Not for use by two threads at once.

    Attributes:
        model: the model's name.
        engine: `openvino`, `torch` or, for interpolations, `opencv`.
        precision: what the engine computes in.
        threads: CPU threads of the engine; 0 on a GPU.
        views: over how many mirrored views its answers are averaged.
        window: of how many frames a picture is made where a past is given.
        weights_sha256: digest of the weights; empty for interpolations.
        fit_guide: brings a guide to a canvas; `fitted` takes it for registered to the thermal.
    """

    def __init__(
        self,
        model: str,
        settings: PredictorSettings,
        factory: EngineFactory | None,
        uncertainty: ErrorEstimator | None = None,
        window: int = 1,
    ) -> None:
        """Use `build_predictor`; this takes its parts. Without a factory it interpolates."""
        self.model = model
        self.window = window if settings.consistency else 1
        self.weights_sha256 = "" if factory is None else factory.weights_sha256
        self.fit_guide: GuideFit = fitted
        self._settings = settings
        self._stride = 1 if factory is None else factory.stride
        self._engines = None if factory is None else EnginePool(factory)
        self._guides = GuideCache()
        self._uncertainty = uncertainty
        self._interpolation = model if factory is None else "bilinear"
        self.engine, self.precision, self.threads = "opencv", "f32", cv2.getNumThreads()
        self.views = 1 if factory is None else settings.views
        if factory is not None:
            engine = factory.first
            self.engine, self.precision = engine.name.value, engine.precision.value
            self.threads = engine.threads

    @property
    def canvas_is_set(self) -> bool:
        """Whether the output's size was given, and does not follow from the sensor's."""
        return self._settings.canvas is not None

    def canvas(self, sensor_hw: Canvas) -> Canvas:
        """(H, W) of the output for a sensor of this size."""
        return self._settings.canvas or canvas_for(sensor_hw)

    def sharing(self) -> "Predictor":
        """Another on the same engines, for another pair of cameras: guides and fit are its own.

        The engines are the same objects, so that neither may predict while the other does.
        """
        other = copy.copy(self)
        other._guides = GuideCache()  # noqa: SLF001 - one of its kind
        other.fit_guide = fitted
        return other

    def past(self) -> Past | None:
        """An empty past for one stream of frames; None where pictures are of one frame each."""
        if self.window < 2:
            return None
        return Past(self.window, pattern=self._settings.fixed_pattern)

    def motion_picture(self, guide: Guide, canvas: Canvas) -> Grey:
        """A guide as its motion is looked for.

        Args:
            guide: (h', w', 3) uint8 BGR of any size, which `fit_guide` registers.
            canvas: (H, W) of the output.

        Returns:
            (H/2, W/2) grey.
        """
        return grey_of_guide(self.fit_guide(guide, canvas), canvas)

    def warm_up(self, sensor_hw: Canvas, guide_hw: Canvas, canvas: Canvas | None = None) -> None:
        """Run every mode once, so that no change of mode later waits for a compilation.

        Args:
            sensor_hw: (h, w) of the thermal frames to come.
            guide_hw: (h', w') of the visible ones.
            canvas: (H, W) of the output; None means `self.canvas`.
        """
        canvas = canvas or self.canvas(sensor_hw)
        thermal = np.zeros(sensor_hw, dtype=np.uint8)
        thermal[0, 0] = 1  # a constant frame never reaches the engine
        guide = np.zeros((*guide_hw, 3), dtype=np.uint8)
        for _ in range(2):  # the second time from the features of the first
            self.predict(thermal, guide, canvas, guide_key="warming up")
        self.predict(thermal, None, canvas)
        self.predict(None, guide, canvas)

    def predict(
        self,
        thermal: NDArray[Any] | None,
        guide: NDArray[Any] | None,
        canvas: Canvas | None = None,
        guide_key: Hashable = None,
        past: Past | None = None,
        moment_ns: int = 0,
    ) -> Prediction:
        """Super-resolve a frame from what is there.

        Args:
            thermal: (h, w) uint8 or uint16 counts, or None.
            guide: (h', w', 3) uint8 BGR of any size, which `fit_guide` registers, or None.
            canvas: (H, W) of the output; None means `self.canvas`, without a thermal frame the
                canvas set, else the guide's own size.
            guide_key: what tells this guide from every other, such as its sequence and time. The
                newest guide's features are not computed again while its key comes again. None:
                never the same.
            past: the frames before this one, made by `past()` and handed in with each frame of one
                stream; this one joins it. None: this frame alone.
            moment_ns: capture time of the thermal frame, where a past is given.

        Returns:
            A picture in memory of its own.

        Raises:
            ValueError: if both are None, or one is no such array.
        """
        check_frames(thermal, guide)
        if thermal is None:
            return self._relative(guide, canvas)
        began = time.perf_counter()
        target = canvas or self.canvas((thermal.shape[0], thermal.shape[1]))
        low, high, _, _ = cv2.minMaxLoc(thermal)
        if low == high:
            # A constant measurement holds no detail to resolve; nothing may be made up there.
            if past is not None:  # a shutter most likely, and readings differ behind it
                past.let_go()
            pixels = np.full(target, thermal.flat[0], dtype=thermal.dtype)
            residual = 0.0 if self._settings.consistency else None
            elapsed = 1e3 * (time.perf_counter() - began)
            return Prediction(pixels, residual, stages(elapsed, 0.0, 0.0))

        measured = thermal.astype(np.float32)
        if past is not None:
            thermal, measured = _without_pattern(past, thermal, measured, moment_ns)
        scaling = affine_map(thermal)
        base = upsampled(measured, target, self._interpolation)
        network_base = self._network_base(base, scaling)
        handle = self._handle(guide, target, guide_key)
        prepared = time.perf_counter()
        residual_picture = self._infer(network_base, handle, target)
        inferred = time.perf_counter()
        if residual_picture is not None:
            # counts = base + span * residual, in one pass, in float32.
            picture = _float(cv2.scaleAdd(residual_picture, scaling.span, base))
        else:
            picture = base
        missed = None
        if self._settings.consistency or self._uncertainty is not None:
            missed = consistency.missed_of(picture, measured)
        residual = None
        if self._settings.consistency and missed is not None:
            residual = float(cv2.norm(missed, cv2.NORM_INF))  # of the network, whatever the past
        fused = None
        if past is not None and _nests(measured, picture):
            fused = past.fused(picture, measured, _motion_picture(handle, target), moment_ns)
        joined = time.perf_counter()
        if fused is not None and fused.frames > 1:
            picture = fused.picture
            self._make_consistent(picture, thermal, consistency.missed_of(picture, fused.measured))
        else:
            self._make_consistent(picture, thermal, missed)
        if past is not None and fused is not None:
            past.keep(picture)
        pixels = rounded(picture, thermal.dtype)
        done = time.perf_counter()
        times = stages(1e3 * (prepared - began), 1e3 * (inferred - prepared), 1e3 * (done - joined))
        if fused is not None:
            times["past"] = 1e3 * (joined - inferred)
        sigma = None
        if self._uncertainty is not None and residual_picture is not None and missed is not None:
            sigma = self._sigma(measured, missed, residual_picture, handle, scaling)
            times["uncertainty"] = 1e3 * (time.perf_counter() - done)
        return Prediction(pixels, residual, times, sigma, _use(fused))

    def _network_base(self, base: NDArray[np.float32], scaling: AffineMap) -> Base | None:
        if self._engines is None:
            return None
        return padded(base_of_counts(base, scaling), self._stride)

    def _handle(
        self, guide: Guide | None, canvas: Canvas, key: Hashable = None
    ) -> GuideHandle | None:
        """The guide as the engine of a canvas takes it."""
        if self._engines is None or guide is None:
            return None
        return self._guides.handle(
            canvas, key, lambda: padded(self.fit_guide(guide, canvas), self._stride)
        )

    def _infer(
        self, base: Base | None, guide: GuideHandle | None, canvas: Canvas
    ) -> NDArray[np.float32] | None:
        if self._engines is None or (base is None and guide is None):
            return None
        engine = self._engines.of(padded_size(canvas, self._stride))
        return engine.infer(base, guide)[: canvas[0], : canvas[1]]

    def _make_consistent(
        self,
        picture: NDArray[np.float32],
        measured: NDArray[Any],
        missed: NDArray[np.float32] | None,
    ) -> None:
        """Corrects the picture in place by what it missed."""
        # No integer multiple: sensor pixels and canvas pixels do not nest, so it is only stated.
        if not self._settings.consistency or missed is None or not _nests(measured, picture):
            return
        limits = np.iinfo(measured.dtype)
        bounds = (float(limits.min), float(limits.max))
        consistency.make_consistent(picture, measured, missed, bounds, self._settings.bounded)

    def _sigma(
        self,
        measured: NDArray[np.float32],
        missed: NDArray[np.float32],
        residual_picture: NDArray[np.float32],
        handle: GuideHandle | None,
        scaling: AffineMap,
    ) -> NDArray[np.float32] | None:
        """Foretold standard deviations in counts, cell by cell."""
        assert self._uncertainty is not None  # the caller has seen to it
        level = np.float32(scaling.span / WHITE)  # counts of an 8-bit level
        sigma = self._uncertainty.sigma(
            (measured - np.float32(scaling.low)) / level,
            missed / level,
            residual_picture,
            None if handle is None else handle.pixels,
        )
        return None if sigma is None else sigma * level

    def _relative(self, guide: NDArray[np.uint8] | None, canvas: Canvas | None) -> Prediction:
        """The visible branch alone: a picture, not a measurement."""
        assert guide is not None  # check_frames has seen to it
        began = time.perf_counter()
        target = canvas or self._settings.canvas or (guide.shape[0], guide.shape[1])
        handle = self._handle(guide, target)
        prepared = time.perf_counter()
        shown = self._infer(None, handle, target)
        if shown is None:
            # An interpolation has no visible branch: the luma stands in.
            grey = cv2.cvtColor(self.fit_guide(guide, target), cv2.COLOR_BGR2GRAY)
            shown = _float(grey) / WHITE
        inferred = time.perf_counter()
        pixels = rounded(shown * np.float32(RELATIVE_MAX), np.dtype(np.uint16))
        done = time.perf_counter()
        times = stages(
            1e3 * (prepared - began), 1e3 * (inferred - prepared), 1e3 * (done - inferred)
        )
        return Prediction(pixels, None, times)


def build_predictor(
    settings: PredictorSettings, estimator: ErrorEstimator | None = None
) -> Predictor:
    """Find the weights, choose engine and precision, make ready.

    Args:
        settings: what to build.
        estimator: foretells errors in place of the one that lies beside the weights, if any.

    Raises:
        ModelError: for an unknown model, unusable weights, or an engine, precision or number of
            views there is not.
    """
    source = find_model(settings.model)
    if source.weights is None:
        return Predictor(source.name, settings, None, window=settings.window or source.window)
    factory = engine_factory(settings.engine_spec(source.weights))
    predictor = Predictor(
        source.name,
        settings,
        factory,
        estimator or estimator_of(source.weights),
        settings.window or source.window,
    )
    if source.weights.parent != WEIGHTS:
        KnownCheckpoints(settings.cache()).add(source.weights, factory.weights_sha256)
    log.info(
        "model %s on %s, %s, %d threads",
        predictor.model,
        predictor.engine,
        predictor.precision,
        predictor.threads,
    )
    return predictor


def _without_pattern(
    past: Past, thermal: NDArray[Any], measured: NDArray[np.float32], moment_ns: int
) -> tuple[NDArray[Any], NDArray[np.float32]]:
    """A measurement in whole counts and as it is, without what is known of the fixed pattern."""
    cleaned = past.without_pattern(measured, moment_ns)
    return thermal if cleaned is measured else rounded(cleaned, thermal.dtype), cleaned


def _nests(measured: NDArray[Any], picture: NDArray[np.float32]) -> bool:
    """Whether the canvas is the same integer multiple of the sensor both ways."""
    rows, columns = measured.shape
    scale = picture.shape[0] // rows
    return picture.shape == (rows * scale, columns * scale)


def _motion_picture(handle: GuideHandle | None, canvas: Canvas) -> NDArray[np.uint8] | None:
    return None if handle is None else grey_of_guide(handle.pixels, canvas)


def _use(fused: Fused | None) -> PastUse | None:
    if fused is None:
        return None
    why = "" if fused.let_go is None else fused.let_go.value
    return PastUse(
        fused.frames, fused.share, fused.noise_counts, why, fused.shares, fused.pattern_counts
    )


def _float(image: Any) -> NDArray[np.float32]:
    return np.asarray(image, dtype=np.float32)
