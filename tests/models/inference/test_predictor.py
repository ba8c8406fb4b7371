import logging
import re

import cv2
import numpy as np
import pytest

from models import registry
from models.engines import selection
from models.engines.openvino import OpenVinoEngine, precisions_of
from models.errors import ModelError
from models.imaging.canvas import canvas_for
from models.inference.predictor import PredictorSettings, build_predictor
from models.registry import WEIGHTS, find_model
from tests.support.scenes import scene


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> str:
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def live(cache) -> PredictorSettings:
    """As a run has them, in the least arithmetic that this CPU has, which many choose."""
    precision = precisions_of(WEIGHTS / "fast-sensor.safetensors")[0].value
    return PredictorSettings("fast:sensor", "openvino", precision, threads=1, cache_dir=cache)


@pytest.fixture(scope="module")
def predictor(live):
    return build_predictor(live)


@pytest.fixture(scope="module")
def frames() -> tuple[np.ndarray, np.ndarray]:
    visible, thermal = scene(5, 480, 640)
    return cv2.resize(thermal, (80, 60), interpolation=cv2.INTER_AREA), visible


@pytest.mark.parametrize(
    ("sensor", "canvas"),
    [
        ((60, 80), (480, 640)),
        ((120, 160), (480, 640)),
        ((192, 256), (576, 768)),
        ((240, 320), (480, 640)),
        ((512, 640), (1024, 1280)),
        ((24, 32), (384, 512)),
    ],
)
def test_the_canvas_is_the_multiple_nearest_640(sensor, canvas):
    assert canvas_for(sensor) == canvas


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_dtype_and_unit_come_back(predictor, frames, dtype):
    low, visible = frames
    thermal = low.astype(dtype) * (1 if dtype == np.uint8 else 4) + (
        0 if dtype == np.uint8 else 7000
    )
    prediction = predictor.predict(thermal, visible)
    assert prediction.pixels.shape == (480, 640)
    assert prediction.pixels.dtype == dtype
    assert set(prediction.stage_ms) == {"prepare", "infer", "consistency", "uncertainty"}
    means = prediction.pixels.reshape(60, 8, 80, 8).mean(axis=(1, 3))
    assert np.abs(means - thermal).max() <= 0.5
    assert prediction.residual_counts is not None
    assert prediction.residual_counts >= 0


@pytest.mark.parametrize("model", ["fast:sensor", "fast:benchmark", "bicubic"])
@pytest.mark.parametrize("canvas", [None, (96, 128)])
def test_a_hot_block_is_read_as_what_the_sensor_saw(model, canvas, cache):
    thermal = np.full((24, 32), 29315, np.uint16)  # 20 degrees
    thermal[8:14, 10:14] = 34315  # 70 degrees
    precision = precisions_of(WEIGHTS / "fast-benchmark.safetensors")[0].value
    settings = PredictorSettings(model, "openvino", precision, threads=1, cache_dir=cache)
    guide = np.full((48, 64, 3), 90, np.uint8)
    pixels = build_predictor(settings).predict(thermal, guide, canvas).pixels
    celsius = pixels * 0.01 - 273.15
    assert celsius.min() >= 17.5
    assert 65 <= celsius.max() <= 72.5
    scale = pixels.shape[0] // 24
    means = pixels.astype(np.float64).reshape(24, scale, 32, scale).mean(axis=(1, 3))
    assert np.abs(means - thermal).max() <= 0.5


@pytest.mark.parametrize(
    "thermal",
    [
        np.full((60, 80), 7000, np.uint16),
        np.full((60, 80), 200, np.uint8),
        (7000 + np.arange(4800).reshape(60, 80) % 3).astype(np.uint16),
        np.random.default_rng(0).integers(0, 65536, (60, 80)).astype(np.uint16),
        np.random.default_rng(0).integers(0, 256, (60, 80)).astype(np.uint8),
    ],
    ids=["constant16", "constant8", "tiny span", "full span 16", "full span 8"],
)
def test_any_span_of_counts_is_kept(predictor, frames, thermal):
    pixels = predictor.predict(thermal, frames[1]).pixels
    means = pixels.astype(np.float64).reshape(60, 8, 80, 8).mean(axis=(1, 3))
    assert np.abs(means - thermal).max() <= 0.5
    if np.ptp(thermal) == 0:
        assert np.ptp(pixels) == 0


def test_counts_follow_an_affine_change_of_the_scene(predictor, frames):
    low, visible = frames
    first = low.astype(np.uint16) * 10 + 5000
    second = low.astype(np.uint16) * 20 + 9000
    cool, warm = (predictor.predict(t, visible).pixels.astype(float) for t in (first, second))
    assert np.abs((warm - 9000) - 2 * (cool - 5000)).max() <= 3


def test_a_lone_hot_spot_leaves_the_scene_alone(predictor, frames):
    low, visible = frames
    thermal = low.astype(np.uint16) + 7000
    hot = thermal.copy()
    hot[10, 10] = 60000
    cold, warm = (predictor.predict(t, visible).pixels.astype(int) for t in (thermal, hot))
    far = np.s_[200:, 200:]
    assert np.abs(cold[far] - warm[far]).max() <= 12
    assert warm[80:88, 80:88].mean() == pytest.approx(60000, abs=0.5)


def test_a_missing_guide_is_not_a_black_one(predictor, frames):
    low, visible = frames
    missing = predictor.predict(low, None).pixels
    black = predictor.predict(low, np.zeros_like(visible)).pixels
    assert missing.dtype == np.uint8
    assert not np.array_equal(missing, black)


def test_without_thermal_the_picture_is_relative(predictor, frames):
    _, visible = frames
    prediction = predictor.predict(None, visible)
    assert prediction.pixels.shape == (480, 640)
    assert prediction.pixels.dtype == np.uint16
    assert prediction.residual_counts is None
    assert predictor.predict(None, visible, (240, 320)).pixels.shape == (240, 320)


@pytest.mark.parametrize("guide_hw", [(480, 640), (720, 1280), (120, 160)])
def test_a_guide_of_any_size_is_fitted(predictor, frames, guide_hw):
    guide = cv2.resize(frames[1], guide_hw[::-1])
    assert predictor.predict(frames[0], guide).pixels.shape == (480, 640)


def test_a_canvas_off_the_networks_stride_is_padded_and_cropped(predictor, frames):
    _, visible = frames
    thermal = scene(6, 50, 62)[1]
    prediction = predictor.predict(thermal, visible)
    assert prediction.pixels.shape == (500, 620)
    assert (
        np.abs(prediction.pixels.reshape(50, 10, 62, 10).mean(axis=(1, 3)) - thermal).max() <= 0.5
    )


def test_a_canvas_that_is_no_multiple_only_states_the_residual(predictor, frames):
    prediction = predictor.predict(frames[0], frames[1], (500, 650))
    assert prediction.pixels.shape == (500, 650)
    assert prediction.residual_counts is not None
    assert prediction.residual_counts > 0


def test_a_result_is_never_written_again(predictor, frames):
    low, visible = frames
    for thermal, guide in ((low, visible), (low, None), (None, visible)):
        first = predictor.predict(thermal, guide).pixels
        kept = first.copy()
        predictor.predict(None if thermal is None else 255 - thermal, 255 - visible)
        predictor.predict(
            None if thermal is None else 255 - thermal, None if guide is None else 255 - guide
        )
        assert np.array_equal(first, kept)


def test_inputs_are_not_written_and_may_be_read_only_views(predictor, frames):
    low, visible = (array.copy() for array in frames)
    wide = np.zeros((60, 160), np.uint8)
    wide[:, ::2] = low
    view = wide[:, ::2]
    view.flags.writeable = False
    visible.flags.writeable = False
    expected = predictor.predict(low, visible).pixels
    assert np.array_equal(predictor.predict(view, visible).pixels, expected)
    assert np.array_equal(view, frames[0])


def test_two_predictors_agree(live, predictor, frames):
    other = build_predictor(live)
    other.warm_up((60, 80), (480, 640))
    first, second = (p.predict(*frames).pixels for p in (predictor, other))
    assert np.array_equal(first, second)


def test_the_choice_is_exposed_and_logged(cache, caplog):
    settings = PredictorSettings(engine="openvino", threads=1, canvas=(96, 128), cache_dir=cache)
    with caplog.at_level(logging.INFO, logger="models"):
        made = build_predictor(settings)
    assert (made.model, made.engine, made.threads) == ("fast:sensor", "openvino", 1)
    assert made.precision in ("int8", "bf16", "f32")
    assert len(made.weights_sha256) == 64
    assert "model fast:sensor on openvino" in caplog.text


@pytest.mark.parametrize(
    ("name", "how"), [("bilinear", cv2.INTER_LINEAR), ("bicubic", cv2.INTER_CUBIC)]
)
def test_interpolations_are_predictors(frames, name, how):
    low, visible = frames
    made = build_predictor(PredictorSettings(model=name, consistency=False))
    assert (made.engine, made.weights_sha256) == ("opencv", "")
    expected = cv2.resize(low.astype(np.float32), (640, 480), interpolation=how)
    prediction = made.predict(low, visible)
    assert np.array_equal(prediction.pixels, np.clip(np.rint(expected), 0, 255).astype(np.uint8))
    assert prediction.residual_counts is None
    assert made.predict(None, visible).pixels.dtype == np.uint16


def test_the_torch_engine_gives_the_same_picture(cache, tiny_model, frames):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    settings = {"model": str(tiny_model), "cache_dir": cache, "precision": "f32"}
    ours = build_predictor(PredictorSettings(engine="openvino", **settings))
    theirs = build_predictor(PredictorSettings(engine="torch", **settings))
    assert theirs.engine == "torch"
    for given in (frames, (frames[0], None)):
        first, second = (p.predict(*given).pixels.astype(int) for p in (ours, theirs))
        assert np.abs(first - second).max() <= 2
    assert ours.weights_sha256 == theirs.weights_sha256


@pytest.mark.usefixtures("narrow")
def test_the_papers_network_is_padded_to_its_stride_on_both_engines(cache, tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from models import checkpoint

    torch.manual_seed(0)
    net = checkpoint.build("corefusion", {"residual": True}).train()
    with torch.no_grad():
        net(torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64))
    path = tmp_path / "paper.safetensors"
    checkpoint.save(path, net.eval(), "nothing", {})
    visible, thermal = scene(3, 50, 70)  # neither a multiple of 32
    low = cv2.resize(thermal, (14, 10), interpolation=cv2.INTER_AREA).astype(np.uint16) * 40
    predictors = [
        build_predictor(
            PredictorSettings(str(path), engine, "f32", threads=1, canvas=(50, 70), cache_dir=cache)
        )
        for engine in ("openvino", "torch")
    ]
    for guide in (visible, None):
        pictures = []
        for made in predictors:
            pictures.append(made.predict(low, guide, guide_key=1).pixels.astype(int))
            again = made.predict(low, guide, guide_key=1).pixels
            assert np.abs(again - pictures[-1]).max() <= 1
            assert pictures[-1].shape == (50, 70)
        assert np.abs(pictures[0] - pictures[1]).max() <= 2


def test_a_checkpoint_runs_as_training_leaves_it(tiny_checkpoint, tmp_path, frames):
    settings = PredictorSettings(
        model=str(tiny_checkpoint), engine="openvino", cache_dir=str(tmp_path)
    )
    assert build_predictor(settings).predict(*frames).pixels.shape == (480, 640)


@pytest.mark.parametrize("precision", ["f32", "bf16", "int8"])
def test_a_guide_that_comes_again_is_not_encoded_again(cache, frames, precision, monkeypatch):
    low, visible = frames
    settings = PredictorSettings(
        engine="openvino", precision=precision, threads=1, canvas=(240, 320), cache_dir=cache
    )
    try:
        made = build_predictor(settings)
    except ModelError:
        pytest.skip(f"this CPU has no {precision}")
    graphs = []
    request = OpenVinoEngine._request

    def noted(self, graph):
        graphs.append(graph)
        return request(self, graph)

    monkeypatch.setattr(OpenVinoEngine, "_request", noted)
    thermal = [low, 255 - low, low // 2, low // 3]
    expected = [made.predict(t, visible).pixels.astype(int) for t in thermal]
    again = [made.predict(t, visible, guide_key=(7, 100)).pixels for t in thermal]
    assert graphs == ["both"] * 5 + ["reuse"] * 3
    for found, wanted in zip(again, expected, strict=True):
        assert np.abs(found - wanted).max() <= 1
    graphs.clear()
    made.predict(low, None)  # the features outlast a frame without a guide
    made.predict(low, visible, guide_key=(7, 100))
    made.predict(low, visible, (120, 160), guide_key=(7, 100))  # another canvas
    made.predict(low, visible, guide_key=(8, 133))
    made.predict(low, visible)
    made.predict(low, visible)  # without a key never the same
    made.predict(low, visible, guide_key=(8, 133))  # still known, its features gone
    made.predict(low, visible, guide_key=(8, 133))
    assert graphs == ["thermal_only", "reuse", *["both"] * 5, "reuse"]


def test_a_driver_without_a_torch_that_reaches_it_is_no_obstacle(cache, monkeypatch, caplog):
    torch_engine = pytest.importorskip("models.engines.torch", reason="PyTorch is not installed")
    monkeypatch.setattr(selection, "cuda_devices", lambda: 1)
    monkeypatch.setattr(torch_engine, "cuda_usable", lambda: False)
    made = build_predictor(PredictorSettings(threads=1, canvas=(96, 128), cache_dir=cache))
    assert made.engine == "openvino"
    assert "going on with openvino" in caplog.text


@pytest.mark.parametrize(
    ("thermal", "guide", "message"),
    [
        (None, None, "neither a thermal nor a visible frame"),
        (np.zeros((60, 80), np.float32), None, r"got \(60, 80\) of float32"),
        (np.zeros((60, 80, 3), np.uint8), None, r"thermal: wanted \(h, w\)"),
        (None, np.zeros((60, 80), np.uint8), r"guide: wanted \(h, w, 3\) of uint8, got \(60, 80\)"),
        (np.zeros((60, 80), np.uint8), np.zeros((60, 80, 3), np.uint16), "of uint16"),
    ],
)
def test_what_is_no_frame_is_refused(predictor, thermal, guide, message):
    with pytest.raises(ValueError, match=message):
        predictor.predict(thermal, guide)


@pytest.mark.parametrize("name", ["paper", "paper+"])
def test_names_without_weights_say_how_to_train_them(name):
    with pytest.raises(ModelError, match=rf"corefusion train --preset {re.escape(name)} --data"):
        build_predictor(PredictorSettings(model=name))


@pytest.mark.parametrize("name", ["fastest", "fast:outdoor", "gone.safetensors"])
def test_unknown_models_are_refused(name):
    with pytest.raises(ModelError, match=name):
        build_predictor(PredictorSettings(model=name))


@pytest.mark.parametrize("name", ["fast", "fast:sensor", "fast:open", "fast:benchmark"])
def test_the_shipped_names(name):
    assert find_model(name).weights is not None
    assert name in registry.shipped()
    assert find_model("fast").weights == find_model("fast:sensor").weights
    assert find_model("fast:benchmark").weights != find_model("fast:sensor").weights


def test_a_tier_is_there_when_its_weights_are(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "WEIGHTS", tmp_path)
    with pytest.raises(ModelError, match="--preset quality"):
        find_model("quality:benchmark")
    (tmp_path / "quality-benchmark.safetensors").write_bytes(b"")
    assert find_model("quality:benchmark").weights == tmp_path / "quality-benchmark.safetensors"
    assert registry.shipped() == ["quality:benchmark"]


def test_shipped_weights_are_small_and_complete():
    names = {path.name for path in registry.WEIGHTS.iterdir()}
    for stem in ("fast-sensor", "fast-open", "fast-benchmark"):
        assert {f"{stem}.safetensors", f"{stem}.int8.json"} <= names
    assert sum(path.stat().st_size for path in registry.WEIGHTS.iterdir()) < 20e6
    assert "research use" in (registry.WEIGHTS / "LICENSE").read_text()
