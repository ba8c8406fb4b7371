from dataclasses import replace

import cv2
import numpy as np
import pytest

from models.data.dataset import Pair, find_pairs, read_pair
from models.errors import ModelError
from models.inference.predictor import PredictorSettings, build_predictor
from models.training.feeding.distillation import with_teacher_targets


@pytest.fixture
def pairs(make_folder) -> list[Pair]:
    # 120 rows are no multiple of the network's stride.
    return [read_pair(p) for p in find_pairs(make_folder(count=2, rows=120, columns=160, low=True))]


def test_the_teachers_picture_is_what_the_predictor_shows(pairs, tiny_model):
    settings = PredictorSettings(
        model=str(tiny_model), engine="openvino", precision="f32", views=8, consistency=False
    )
    predictor = build_predictor(settings)
    for before, after in zip(pairs, with_teacher_targets(pairs, str(tiny_model), 1.0), strict=True):
        shown = predictor.predict(before.thermal_lr, before.visible, (120, 160)).pixels
        assert np.abs(np.clip(after.soft_target, 0, 255) - shown).max() < 0.51  # it is rounded
        assert np.array_equal(after.thermal, before.thermal)


def test_its_share_is_mixed_with_the_truth(pairs, tiny_model):
    whole, none, some = (
        with_teacher_targets(pairs, str(tiny_model), share)[0] for share in (1.0, 0.0, 0.25)
    )
    assert np.abs(none.soft_target - pairs[0].thermal).max() < 1e-4
    between = 0.25 * whole.soft_target + 0.75 * none.soft_target
    assert np.abs(some.soft_target - between).max() < 1e-3


def test_pairs_without_a_low_resolution_stay_as_they_are(pairs, tiny_model):
    alone = replace(pairs[0], thermal_lr=None)
    assert with_teacher_targets([alone], str(tiny_model), 1.0) == [alone]
    mixed = with_teacher_targets([alone, pairs[1]], str(tiny_model), 1.0)
    assert [pair.soft_target is None for pair in mixed] == [True, False]


def test_what_cannot_teach_or_be_taught(pairs, tiny_model):
    with pytest.raises(ModelError, match="teacher bicubic: an interpolation has nothing"):
        with_teacher_targets(pairs, "bicubic", 1.0)
    deep = replace(pairs[0], thermal=pairs[0].thermal.astype(np.uint16))
    with pytest.raises(ModelError, match="000_01: a teacher takes 8-bit pairs, got uint16"):
        with_teacher_targets([deep], str(tiny_model), 1.0)


def test_a_teacher_sees_more_than_bilinear(pairs, shared_data):
    # The shipped network, on a pair it was trained on.
    real = [read_pair(path) for path in find_pairs(shared_data / "pbvs23" / "train")[:1]]
    for pair in with_teacher_targets(real, "quality:benchmark", 1.0):
        rows, columns = pair.thermal.shape
        base = cv2.resize(pair.thermal_lr.astype(np.float32), (columns, rows))
        error, plain = (np.mean((x - pair.thermal) ** 2.0) for x in (pair.soft_target, base))
        assert error < 0.85 * plain
