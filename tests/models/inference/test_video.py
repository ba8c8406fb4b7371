"""A predictor with a past: `fast:video`."""

import numpy as np
import pytest

from models.imaging.agreement.consistency import averaged
from models.inference.predictor import PredictorSettings, build_predictor
from tests.models.temporal.test_motion import textured
from tests.support.scenes import scene

CANVAS = (240, 320)
MS = 1_000_000


def frame(x: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(thermal, guide, truth) from a place, x pixels to the right and down."""
    seen = (slice(30 + x, 270 + x), slice(40 + x, 360 + x))
    truth = scene(1, 300, 400)[1][seen].astype(np.uint16) * 20 + 7000
    thermal = np.rint(averaged(truth.astype(np.float32), (30, 40))).astype(np.uint16)
    return thermal, np.ascontiguousarray(textured(1)[seen]), truth


@pytest.fixture(scope="module")
def predictor(tmp_path_factory):
    cache = str(tmp_path_factory.mktemp("cache"))
    settings = PredictorSettings(
        model="fast:video", precision="f32", canvas=CANVAS, threads=1, cache_dir=cache
    )
    return build_predictor(settings)


def test_one_frame_is_the_result_of_fast_sensor_byte_for_byte(predictor, tmp_path):
    settings = PredictorSettings(
        model="fast:sensor", precision="f32", canvas=CANVAS, threads=1, cache_dir=str(tmp_path)
    )
    single = build_predictor(settings)
    assert single.past() is None
    thermal, guide, _ = frame(0)
    wanted = single.predict(thermal, guide).pixels
    first = predictor.predict(thermal, guide, past=predictor.past(), moment_ns=5)
    assert np.array_equal(first.pixels, wanted)
    assert np.array_equal(predictor.predict(thermal, guide).pixels, wanted)
    assert first.past is not None
    assert first.past.frames == 1


def test_frames_of_a_moving_camera_add_up_and_agree_with_the_present(predictor):
    past = predictor.past()
    for number in range(6):
        thermal, guide, truth = frame(3 * number)
        joined = predictor.predict(thermal, guide, past=past, moment_ns=100 * MS * number)
    alone = predictor.predict(thermal, guide)

    def error(pixels: np.ndarray) -> float:
        return float(np.square(pixels.astype(float) - truth)[16:-40, 16:-40].mean())

    assert error(joined.pixels) < 0.97 * error(alone.pixels)
    assert joined.past.frames == 6
    assert 0.3 < joined.past.share <= 1
    assert "past" in joined.stage_ms
    # The trust figure is that of the network.
    assert joined.residual_counts == pytest.approx(alone.residual_counts, rel=1e-3)
    missed = averaged(joined.pixels.astype(np.float32), (30, 40)) - thermal
    off = 0.0 if past.pattern.offsets is None else np.abs(past.pattern.offsets)
    assert (np.abs(missed) <= joined.past.noise_counts + 0.5 + off).all()


def test_the_fixed_pattern_is_taken_out_before_the_network(predictor):
    columns = np.random.default_rng(3).integers(-8, 9, (1, 40))
    past, rng = predictor.past(), np.random.default_rng(0)
    for number in range(19):
        thermal, guide, _ = frame(3 * abs(number % 18 - 9))
        seen = np.rint(thermal + columns + rng.normal(0, 2, thermal.shape)).astype(np.uint16)
        made = predictor.predict(seen, guide, past=past, moment_ns=100 * MS * number)
    known = past.pattern.offsets.mean(axis=0)
    assert np.corrcoef(known, columns[0])[0, 1] > 0.3
    assert made.past.pattern_counts > 0.3
    assert made.pixels.dtype == np.uint16


def test_the_fixed_pattern_can_be_left_alone(tmp_path):
    settings = PredictorSettings(
        model="bilinear", window=4, fixed_pattern=False, cache_dir=str(tmp_path)
    )
    assert build_predictor(settings).past().pattern is None


def test_the_same_frames_give_the_same_bytes(predictor):
    def run() -> list[bytes]:
        past = predictor.past()
        frames = [(frame(2 * number), number) for number in range(4)]
        return [
            predictor.predict(t, g, past=past, moment_ns=100 * MS * n).pixels.tobytes()
            for (t, g, _), n in frames
        ]

    assert run() == run()


def test_a_constant_frame_ends_the_past(predictor):
    past = predictor.past()
    for number in range(2):
        thermal, guide, _ = frame(number)
        predictor.predict(thermal, guide, past=past, moment_ns=100 * MS * number)
    predictor.predict(np.full_like(thermal, 7000), guide, past=past, moment_ns=200 * MS)
    after = predictor.predict(thermal, guide, past=past, moment_ns=300 * MS)
    assert after.past.frames == 1


def test_without_the_consistency_step_pictures_are_of_one_frame(tmp_path):
    settings = PredictorSettings(model="bilinear", window=4, cache_dir=str(tmp_path))
    assert build_predictor(settings).past() is not None
    loose = PredictorSettings(
        model="bilinear", window=4, consistency=False, cache_dir=str(tmp_path)
    )
    assert build_predictor(loose).past() is None
