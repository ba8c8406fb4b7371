import logging
import shutil

import msgspec
import numpy as np
import pytest

from models import checkpoint
from models.errors import ModelError
from models.imaging.error_features import names
from models.inference.predictor import PredictorSettings, build_predictor
from models.inference.uncertainty import (
    UncertaintyEstimator,
    UncertaintyFit,
    UncertaintyTable,
    estimator_of,
    read_table,
    table_path,
    write_table,
)
from models.registry import WEIGHTS, shipped
from tests.support.scenes import scene

COUNT = {"guided": len(names(True)), "thermal_only": len(names(False))}


def fit(mode="thermal_only", scale=8, bias=0.0, **weights) -> UncertaintyFit:
    """A score of named features, and a curve that is the score's exponential."""
    each = [float(weights.get(name, 0.0)) for name in names(mode == "guided")]
    scores = np.linspace(-3, 4, 30)
    curve = tuple(scores.tolist()), tuple(np.exp(scores).tolist())
    return UncertaintyFit(mode, scale, tuple(each), float(bias), *curve)


def table(*fits, digest="") -> UncertaintyTable:
    return UncertaintyTable(digest, "made up", names(True), fits)


def planes(scale=8):
    measured = np.full((6, 8), 100, np.float32)
    return measured, np.zeros_like(measured), np.zeros((6 * scale, 8 * scale), np.float32)


def test_sigma_is_the_curve_at_the_score():
    measured, missed, detail = planes()
    missed[2, 3] = 10
    # Half of the logarithm of a square is the logarithm.
    estimator = UncertaintyEstimator(table(fit(missed=0.5)))
    sigma = estimator.sigma(measured, missed, detail, None)
    assert sigma.shape == (6, 8)
    assert sigma[2, 3] == pytest.approx(10, rel=0.03)
    assert sigma[0, 0] == pytest.approx(0.5, rel=0.03)
    missed[:] = 1e6
    assert estimator.sigma(measured, missed, detail, None) == pytest.approx(np.exp(4), rel=1e-3)


def test_the_fit_of_the_nearest_scale_and_the_mode_is_taken():
    fits = [fit("thermal_only", scale, np.log(scale)) for scale in (2, 8)]
    estimator = UncertaintyEstimator(table(*fits, fit("guided", 8, np.log(5))))
    for scale, expected in ((2, 2), (3, 2), (5, 8), (16, 8)):
        sigma = estimator.sigma(*planes(scale), None)
        assert sigma == pytest.approx(expected, rel=0.03)
    guide = np.zeros((48, 64, 3), np.uint8)
    assert estimator.sigma(*planes(), guide) == pytest.approx(5, rel=0.03)
    assert UncertaintyEstimator(table(fits[0])).sigma(*planes(), guide) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scores": (1.0,), "sigmas": (1.0,)}, "1 scores and 1 sigmas"),
        ({"sigmas": (1.0,)}, "2 scores and 1 sigmas"),
        ({"sigmas": (0.0, 1.0)}, "sigmas must be above 0"),
        ({"scores": (1.0, 1.0)}, "scores rise"),
    ],
)
def test_a_curve_that_is_none_is_refused(changes, message):
    good = {"mode": "guided", "scale": 8, "weights": (1.0,), "bias": 0.0}
    curve = {"scores": (0.0, 1.0), "sigmas": (1.0, 2.0)}
    with pytest.raises(ValueError, match=message):
        UncertaintyFit(**{**good, **curve, **changes})


@pytest.fixture
def weights(tiny_model, tmp_path):
    return shutil.copy(tiny_model, tmp_path / "tiny.safetensors")


def write(weights, *fits, **changes):
    made = table(*fits, digest=checkpoint.sha256(weights))
    write_table(table_path(weights), msgspec.structs.replace(made, **changes))


def test_weights_without_a_table_foretell_nothing(weights):
    assert estimator_of(weights) is None


def test_a_table_lies_beside_its_weights(weights, caplog):
    write(weights, fit())
    assert table_path(weights).name == "tiny.uncertainty.json"
    assert read_table(table_path(weights)).fits == (fit(),)
    assert estimator_of(weights) is not None
    with caplog.at_level(logging.WARNING):
        write(weights, fit(), weights_sha256="other")
        assert estimator_of(weights) is None
        write(weights, fit(), features=("contrast",))
        assert estimator_of(weights) is None
    assert "made for other weights, left aside" in caplog.text
    assert "made from other features, left aside" in caplog.text


def test_a_damaged_table_is_one_line(weights):
    write(weights, msgspec.structs.replace(fit(), weights=(1.0,)))
    with pytest.raises(ModelError, match="wanted 8 weights for thermal_only, got 1"):
        estimator_of(weights)
    table_path(weights).write_text('{"fits": []}')
    with pytest.raises(ModelError, match=r"tiny\.uncertainty\.json: no table of uncertainties"):
        build_predictor(PredictorSettings(str(weights), "openvino", "f32"))
    with pytest.raises(ModelError, match="gone"):
        read_table(weights.with_name("gone.json"))


def predictor(weights, **changes):
    settings = PredictorSettings(str(weights), "openvino", "f32", 1, **changes)
    return build_predictor(settings)


def test_a_prediction_carries_it_in_counts(weights):
    write(weights, fit("thermal_only", bias=np.log(2)), fit("guided", bias=np.log(3)))
    visible, thermal = scene(1)
    low = thermal[::8, ::8]
    made = predictor(weights, canvas=(128, 160), cache_dir=str(weights.parent))
    alone, guided = made.predict(low, None), made.predict(low, visible)
    assert alone.sigma_counts == pytest.approx(2, rel=0.03)
    assert guided.sigma_counts == pytest.approx(3, rel=0.03)
    assert guided.sigma_counts.shape == (16, 20)
    assert guided.stage_ms["uncertainty"] > 0
    # A level of a 16-bit frame is a 255th of what the network is shown as 0..1.
    counts = low.astype(np.uint16) * 100 + 5000
    span = float(np.ptp(counts)) / 0.8
    assert made.predict(counts, None).sigma_counts.mean() == pytest.approx(2 * span / 255, rel=0.2)


def test_where_nothing_is_measured_or_known_there_is_none(weights):
    write(weights, fit())
    visible, thermal = scene(1)
    made = predictor(weights, canvas=(128, 160), cache_dir=str(weights.parent))
    assert made.predict(None, visible).sigma_counts is None
    assert made.predict(np.full((16, 20), 7, np.uint8), None).sigma_counts is None
    assert made.predict(thermal[::8, ::8], visible).sigma_counts is None  # no guided fit
    plain = build_predictor(PredictorSettings("bilinear", canvas=(128, 160)))
    assert plain.predict(thermal[::8, ::8], None).sigma_counts is None
    assert "uncertainty" not in plain.predict(thermal[::8, ::8], None).stage_ms


def test_without_the_consistency_step_it_is_foretold_too(weights):
    write(weights, fit(missed=0.5))
    low = scene(1)[1][::8, ::8]
    found = [
        predictor(weights, canvas=(128, 160), consistency=on, cache_dir=str(weights.parent))
        for on in (True, False)
    ]
    first, second = (each.predict(low, None) for each in found)
    assert np.array_equal(first.sigma_counts, second.sigma_counts)
    assert second.residual_counts is None


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_set_foretells_its_errors(name):
    weights = WEIGHTS / f"{name.replace(':', '-') if ':' in name else name + '-sensor'}.safetensors"
    kept = read_table(table_path(weights))
    assert kept.weights_sha256 == checkpoint.sha256(weights)
    scales = (8,) if name.endswith("benchmark") else (2, 4, 8, 16)
    for mode, count in COUNT.items():
        fits = [each for each in kept.fits if each.mode == mode]
        assert tuple(each.scale for each in fits) == scales
        assert all(len(each.weights) == count for each in fits)
    assert estimator_of(weights) is not None
