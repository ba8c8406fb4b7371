import numpy as np
import pytest

from models.engines.factory import engine_factory
from models.engines.openvino import OpenVinoEngine
from models.engines.self_ensemble import VIEWS, SelfEnsemble
from models.errors import ModelError

CANVAS = (64, 96)
SHOWN = {"both": (True, True), "thermal_only": (True, False), "visible_only": (False, True)}


@pytest.fixture
def frames():
    rng = np.random.default_rng(0)
    base = rng.uniform(0, 1, CANVAS).astype(np.float32)
    return base, rng.integers(0, 256, (*CANVAS, 3), dtype=np.uint8)


def build(weights):
    return lambda canvas: OpenVinoEngine(weights, canvas, "f32")


def given(mode, frames):
    return tuple(frame if there else None for frame, there in zip(frames, SHOWN[mode], strict=True))


def mirrored(frame, axes):
    return None if frame is None else np.flip(frame, axes).copy()


@pytest.mark.parametrize("mode", SHOWN)
@pytest.mark.parametrize(
    ("views", "axes"), [(2, [(), (1,)]), (4, [(), (1,), (0,), (0, 1)])], ids=["two", "four"]
)
def test_it_is_the_mean_over_the_mirrored_frames(views, axes, mode, frames, tiny_model):
    shown = given(mode, frames)
    plain = build(tiny_model)(CANVAS)
    answers = [mirrored(plain.infer(*(mirrored(f, axis) for f in shown)), axis) for axis in axes]
    assert np.ptp([answer[5, 5] for answer in answers]) > 1e-4, "the views must differ"
    mean = SelfEnsemble(build(tiny_model), CANVAS, views).infer(*shown)
    assert np.abs(mean - np.mean(answers, axis=0)).max() < 1e-5


def test_eight_views_know_no_up_and_no_left(frames, tiny_model):
    eight = SelfEnsemble(build(tiny_model), CANVAS, 8).infer(*frames)
    flipped = SelfEnsemble(build(tiny_model), CANVAS, 8).infer(*(mirrored(f, (0,)) for f in frames))
    assert np.abs(mirrored(flipped, (0,)) - eight).max() < 1e-5
    turned = (np.ascontiguousarray(f.swapaxes(0, 1)) for f in frames)
    lying = SelfEnsemble(build(tiny_model), CANVAS[::-1], 8).infer(*turned)
    assert np.abs(lying.T - eight).max() < 1e-5


def test_a_guide_seen_before_changes_nothing(frames, tiny_model):
    engine = SelfEnsemble(build(tiny_model), CANVAS, 4)
    first = engine.infer(*frames)
    assert np.array_equal(engine.infer(*frames, same_guide=True), first)


def test_a_maker_of_several_views(tiny_model, tmp_path):
    factory = engine_factory(tiny_model, "openvino", "f32", 1, CANVAS, tmp_path, 4)
    assert isinstance(factory.first, SelfEnsemble)
    assert isinstance(factory.build((32, 32)), SelfEnsemble)
    assert (factory.first.name, factory.first.precision) == ("openvino", "f32")
    assert VIEWS == (1, 2, 4, 8)
    with pytest.raises(ModelError, match="views: wanted 1, 2, 4, 8, got 3"):
        engine_factory(tiny_model, "openvino", "f32", 1, CANVAS, tmp_path, 3)
