from functools import lru_cache

import numpy as np
import pytest

from models.engines.factory import engine_factory
from models.engines.openvino import OpenVinoEngine
from models.engines.self_ensemble import SelfEnsemble
from models.engines.spec import EngineName
from tests.models.engines.engine_contract import CANVAS, MODES, EngineContract, frames, given, spec


def build(weights):
    return lambda canvas: OpenVinoEngine(spec(weights, canvas=canvas))


class TestTwoViews(EngineContract):
    views = 2

    @pytest.fixture(scope="class")
    @classmethod
    def build(cls, tiny_model):
        return lambda canvas: SelfEnsemble(build(tiny_model), canvas, cls.views)


class TestEightViews(TestTwoViews):
    views = 8


@pytest.fixture(scope="module")
def built_once(tiny_model):
    """Builds one engine a canvas, however many views are made of it."""
    return lru_cache(build(tiny_model))


def mirrored(frame, axes):
    return np.flip(frame, axes).copy()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("views", "axes"), [(2, [(), (1,)]), (4, [(), (1,), (0,), (0, 1)])], ids=["two", "four"]
)
def test_it_is_the_mean_over_the_mirrored_frames(views, axes, mode, built_once):
    base, guide = frames()
    plain = built_once(CANVAS)
    answers = []
    for axis in axes:
        shown = given(mode, mirrored(base, axis), mirrored(guide, axis))
        answers.append(mirrored(plain.infer(*shown), axis))
    assert np.ptp([answer[5, 5] for answer in answers]) > 1e-4, "the views must differ"
    mean = SelfEnsemble(built_once, CANVAS, views).infer(*given(mode, base, guide))
    assert np.abs(mean - np.mean(answers, axis=0)).max() < 1e-5


def test_eight_views_know_no_up_and_no_left(built_once):
    def answer(base, guide, canvas=CANVAS):
        return SelfEnsemble(built_once, canvas, 8).infer(*given("both", base, guide))

    eight = answer(*frames())
    flipped = answer(*(mirrored(frame, (0,)) for frame in frames()))
    assert np.abs(mirrored(flipped, (0,)) - eight).max() < 1e-5
    turned = (np.ascontiguousarray(frame.swapaxes(0, 1)) for frame in frames())
    lying = answer(*turned, CANVAS[::-1])
    assert np.abs(lying.T - eight).max() < 1e-5


def test_a_factory_of_several_views(tiny_model):
    factory = engine_factory(spec(tiny_model, engine=EngineName.OPENVINO, threads=1, views=4))
    assert isinstance(factory.first, SelfEnsemble)
    assert isinstance(factory.build((32, 32)), SelfEnsemble)
    assert (factory.first.name, factory.first.precision) == ("openvino", "f32")
    assert factory.canvas == CANVAS
