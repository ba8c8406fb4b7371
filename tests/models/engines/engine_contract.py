"""What every engine must do, whatever computes it. An engine's test subclasses this.

One engine serves all questions: no answer may depend on what was asked before.
"""

from abc import abstractmethod
from collections.abc import Callable

import numpy as np
import pytest

from models.engines.engine import Engine, GuideHandle
from models.engines.spec import EngineName, EngineSpec, Precision
from models.imaging.canvas import Canvas

CANVAS = (64, 96)
MODES = {"both": (True, True), "thermal_only": (True, False), "visible_only": (False, True)}


def frames(canvas: Canvas = CANVAS, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(base, guide pixels) of noise: every pixel says whether it came to its place."""
    rng = np.random.default_rng(seed)
    base = rng.uniform(0, 1, canvas).astype(np.float32)
    return base, rng.integers(0, 256, (*canvas, 3), dtype=np.uint8)


def given(mode: str, base: np.ndarray, guide: np.ndarray):
    """What a mode shows an engine, the guide under a handle of its own."""
    with_base, with_guide = MODES[mode]
    return base if with_base else None, GuideHandle(guide) if with_guide else None


def spec(weights, precision: str = "f32", canvas: Canvas = CANVAS, **changes) -> EngineSpec:
    return EngineSpec(weights, precision=Precision.of(precision), canvas=canvas, **changes)


class EngineContract:
    """What every engine must do."""

    tolerance = 1e-5
    """How far answers to equal questions may lie apart, of a residual at 1."""

    @abstractmethod
    @pytest.fixture(scope="class")
    @classmethod
    def build(cls) -> Callable[[Canvas], Engine]:
        """Builds an engine of a canvas."""

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, build) -> Engine:
        return build(CANVAS)

    @pytest.fixture(scope="class")
    @classmethod
    def other(cls, build) -> Engine:
        """An engine like it that sees each guide under a handle of its own."""
        return build(CANVAS)

    def test_it_says_what_it_is(self, engine):
        assert isinstance(engine.name, EngineName)
        assert engine.name is not EngineName.AUTO
        assert isinstance(engine.precision, Precision)
        assert engine.precision is not Precision.AUTO
        assert engine.threads >= 0

    @pytest.mark.parametrize("mode", MODES)
    def test_a_mode_gives_a_picture_of_the_canvas(self, engine, mode):
        picture = engine.infer(*given(mode, *frames()))
        assert picture.shape == CANVAS
        assert picture.dtype == np.float32
        assert np.isfinite(picture).all()
        assert np.ptp(picture) > 0

    def test_what_is_there_counts_and_nothing_else(self, engine):
        pictures = [engine.infer(*given(mode, *frames())).copy() for mode in MODES]
        for index, picture in enumerate(pictures):
            for other in pictures[index + 1 :]:
                assert np.abs(picture - other).max() > self.tolerance

    def test_there_must_be_something_to_infer_from(self, engine):
        with pytest.raises(ValueError, match="neither a base nor a guide"):
            engine.infer(None, None)

    def test_inputs_are_only_read(self, engine):
        base, guide = frames()
        kept = base.copy(), guide.copy()
        base.flags.writeable = guide.flags.writeable = False
        for mode in MODES:
            engine.infer(*given(mode, base, guide))
        assert np.array_equal(base, kept[0])
        assert np.array_equal(guide, kept[1])

    @pytest.mark.parametrize("mode", MODES)
    def test_equal_frames_have_equal_answers_whatever_came_between(self, engine, mode):
        shown = frames()
        first = engine.infer(*given(mode, *shown)).copy()
        for other in MODES:
            engine.infer(*given(other, *frames(seed=1)))
        again = engine.infer(*given(mode, *shown))
        assert np.abs(again - first).max() <= self.tolerance

    def test_a_guide_shown_again_serves_every_base(self, engine, other):
        base, guide = frames()
        bases = [np.roll(base, shift, axis=1).copy() for shift in (3, 7)]
        wanted = [other.infer(rolled, GuideHandle(guide)).copy() for rolled in bases]
        handle = GuideHandle(guide)
        engine.infer(base, handle)
        for rolled, picture in zip(bases, wanted, strict=True):
            assert np.abs(engine.infer(rolled, handle) - picture).max() <= self.tolerance

    @pytest.mark.parametrize("between", ["thermal_only", "visible_only", "both", "itself alone"])
    def test_a_handle_stands_for_its_own_guide_in_any_order_of_calls(self, engine, between):
        base, guide = frames()
        handle = GuideHandle(guide)
        first = engine.infer(base, handle).copy()
        if between == "itself alone":
            engine.infer(None, handle)
        else:
            engine.infer(*given(between, *frames(seed=1)))
        assert np.abs(engine.infer(base, handle) - first).max() <= self.tolerance

    def test_a_handle_may_first_be_shown_alone(self, engine, other):
        base, guide = frames()
        wanted = other.infer(base, GuideHandle(guide)).copy()
        handle = GuideHandle(guide)
        engine.infer(None, handle)
        assert np.abs(engine.infer(base, handle) - wanted).max() <= self.tolerance

    def test_engines_of_two_canvases_share_no_guide(self, engine, build):
        base, guide = frames((32, 64))
        small, handle = build((32, 64)), GuideHandle(guide)
        wanted = small.infer(base, handle).copy()
        for again in (handle, GuideHandle(guide)):
            engine.infer(*given("both", *frames(seed=1)))
            assert np.abs(small.infer(base, again) - wanted).max() <= self.tolerance
