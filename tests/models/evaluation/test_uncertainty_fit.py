import cv2
import numpy as np
import pytest

from models import checkpoint
from models.errors import ModelError
from models.evaluation import error_curve, uncertainty_fit
from models.evaluation.evaluate import EvaluateSettings, evaluate
from models.evaluation.uncertainty_fit import FitUncertaintySettings, fit_uncertainty
from models.imaging.error_features import names
from models.inference.uncertainty import table_path, write_table


@pytest.fixture
def weights(tiny_model, tmp_path):
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(tiny_model.read_bytes())
    return copy


def settings(weights, *folders, **changes) -> FitUncertaintySettings:
    data = tuple((folder, 1.0) for folder in folders)
    return FitUncertaintySettings(
        str(weights), data, split="all", engine="openvino", precision="f32", threads=1, **changes
    )


def test_what_is_fitted_comes_true(weights, make_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(uncertainty_fit, "SENSOR_SCALES", (4, 8))
    folder = make_folder("train", count=4)
    seen: list[tuple[int, int]] = []
    table = fit_uncertainty(settings(weights, folder), lambda *done: seen.append(done))
    assert seen == [(index, 4) for index in (1, 2, 3, 4)]
    assert table.weights_sha256 == checkpoint.sha256(weights)
    assert table.features == names(True)
    assert [(fit.mode, fit.scale) for fit in table.fits] == [
        ("guided", 4), ("guided", 8), ("thermal_only", 4), ("thermal_only", 8),
    ]  # fmt: skip
    assert table.made_from == (
        f"4 of {folder.parent.name}/train x1; sensor and sensor-noisy; openvino f32"
    )
    for fit in table.fits:
        assert list(fit.sigmas) == sorted(fit.sigmas)

    write_table(table_path(weights), table)
    plot = tmp_path / "plots" / "plot.png"
    both = {"engine": "openvino", "precision": "f32", "threads": 1}
    report = evaluate(EvaluateSettings(folder, str(weights), calibration_plot=plot, **both))
    foretold = report["uncertainty"]
    assert foretold["within_1_sigma"] == pytest.approx(0.68, abs=0.08)
    assert foretold["within_2_sigma"] > foretold["within_1_sigma"] + 0.1
    assert sum(row["pixels"] for row in foretold["calibration"]) == 4 * 128 * 160
    assert cv2.imread(str(plot)).shape == (440, 990, 3)
    missing = evaluate(EvaluateSettings(folder, str(weights), missing="thermal", **both))
    assert missing["uncertainty"] is None


def test_thermal_pictures_without_a_partner_teach_their_mode(weights, make_folder, monkeypatch):
    monkeypatch.setattr(uncertainty_fit, "SENSOR_SCALES", (8,))
    folder = make_folder("train", count=2)
    table = fit_uncertainty(settings(weights, folder / "thermal"))
    assert [fit.mode for fit in table.fits] == ["thermal_only"]


def test_weights_of_a_benchmark_are_fitted_on_its_low_resolution():
    assert uncertainty_fit._conditions("benchmark x8") == (("benchmark",), (8,))
    assert uncertainty_fit._conditions("challenge24 x8") == (("challenge24",), (8,))
    assert uncertainty_fit._conditions("sensor x2..x16")[0] == ("sensor", "sensor-noisy")


def test_a_curve_follows_the_score():
    rng = np.random.default_rng(0)
    features = rng.normal(0, 1, (4000, 2))
    true = np.exp(0.5 + 0.8 * features[:, 0])
    errors = np.rint(np.abs(rng.normal(0, true[:, None], (4000, 8)))).astype(np.int64)
    weights = np.ones(4000)
    coefficients, bias = error_curve.ridge(features, np.log(true), weights)
    assert coefficients == pytest.approx([0.8, 0], abs=0.03)
    assert bias == pytest.approx(0.5, abs=0.03)
    scores, sigmas = error_curve.curve(features @ coefficients + bias, errors, weights)
    assert np.log(sigmas[3:]) == pytest.approx(scores[3:], abs=0.15)


@pytest.mark.parametrize(
    ("model", "folder", "split", "message"),
    [
        ("bilinear", "train", "all", "an interpolation has no weights to fit"),
        (None, "val", "all", "a folder named 'val' is for scoring"),
        (None, "train", "dev", "split dev is empty; 24 pictures and more"),
    ],
)
def test_what_cannot_be_fitted(weights, make_folder, model, folder, split, message):
    made = make_folder(folder)
    asked = FitUncertaintySettings(model or str(weights), ((made, 1.0),), split, "openvino", "f32")
    with pytest.raises(ModelError, match=message):
        fit_uncertainty(asked)


def test_a_plot_of_what_is_not_foretold(weights, make_folder, tmp_path):
    asked = EvaluateSettings(
        make_folder(count=1), str(weights), calibration_plot=tmp_path / "a.png"
    )
    with pytest.raises(ModelError, match=r"a\.png: copy foretells no errors"):
        evaluate(asked)
