import numpy as np
import pytest

from models.imaging.agreement.consistency import averaged
from models.temporal import LetGo, Past, grey_of_guide
from tests.models.temporal.test_motion import textured
from tests.support.scenes import scene

MS = 1_000_000
CANVAS = (240, 320)
SENSOR = (30, 40)


def look(x: int = 0, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """The grey guide and the true thermal picture from a place x pixels to the right and down."""
    visible = textured(seed)[30 + x : 270 + x, 40 + x : 360 + x]
    thermal = scene(seed, 300, 400)[1][30 + x : 270 + x, 40 + x : 360 + x].astype(np.float32)
    return grey_of_guide(visible, CANVAS), thermal


def joined(past: Past, truth: np.ndarray, guide: np.ndarray | None, at_ms: float, noise=0.0):
    rng = np.random.default_rng(round(at_ms))
    measured = averaged(truth, SENSOR)
    measured = np.rint(measured + rng.normal(0, noise, SENSOR)).astype(np.float32)
    picture = np.repeat(np.repeat(measured, 8, axis=0), 8, axis=1)  # a poor network
    fused = past.fused(picture, measured, guide, round(at_ms * MS))
    past.keep(fused.picture)
    return picture, measured, fused


def test_the_first_frame_is_left_as_it_is():
    guide, truth = look()
    picture, measured, fused = joined(Past(8), truth, guide, 0)
    assert fused.picture is picture
    assert fused.measured is measured
    assert (fused.frames, fused.share, fused.let_go) == (1, 0.0, None)


@pytest.mark.parametrize("guided", [True, False])
def test_a_moving_camera_sees_more(guided):
    past, errors = Past(8), []
    for number in range(6):
        guide, truth = look(3 * number)
        picture, _, fused = joined(past, truth, guide if guided else None, 100 * number)
        inner = (slice(16, -40), slice(16, -40))
        errors.append(float(np.square(fused.picture - truth)[inner].mean()))
    alone = float(np.square(picture - truth)[inner].mean())
    assert fused.frames == 6
    assert errors[-1] < 0.75 * alone


def test_frames_are_kept_up_to_the_window():
    past = Past(3)
    for number in range(5):
        guide, truth = look(number)
        *_, fused = joined(past, truth, guide, 100 * number)
    assert fused.frames == 3


@pytest.mark.parametrize(
    ("change", "cause"),
    [("pause", LetGo.PAUSE), ("back", LetGo.JUMP), ("scene", LetGo.SCENE), ("size", LetGo.SIZE)],
)
def test_the_past_is_let_go(change, cause):
    past = Past(8)
    guide, truth = look()
    for number in range(3):
        joined(past, truth, guide, 100 * number)
    at_ms = {"pause": 700.0, "back": 50.0}.get(change, 300.0)
    if change == "scene":
        guide, truth = look(seed=9)
    if change == "size":
        measured = averaged(truth, (60, 80))
        picture = np.repeat(np.repeat(measured, 4, axis=0), 4, axis=1)
        fused = past.fused(picture, measured, guide, round(at_ms * MS))
    else:
        picture, measured, fused = joined(past, truth, guide, at_ms)
    assert fused.let_go is cause
    assert fused.picture is picture
    assert fused.frames == 1


def test_two_frames_that_are_missing_are_bridged():
    past = Past(8)
    for number in (0, 1, 2, 5):
        guide, truth = look(number)
        *_, fused = joined(past, truth, guide, 100 * number)
    assert (fused.frames, fused.let_go) == (4, None)


def test_a_still_scene_gets_calm_and_its_noise_is_known():
    past, shown, alone = Past(8), [], []
    guide, truth = look()
    for number in range(12):
        picture, _, fused = joined(past, truth, guide, 100 * number, noise=3.0)
        shown.append(averaged(fused.picture, SENSOR))
        alone.append(averaged(picture, SENSOR))
    past.let_go()
    *_, again = joined(past, truth, guide, 5_000, noise=3.0)
    assert again.noise_counts == fused.noise_counts  # of the sensor, not of what it saw
    calm = np.std(shown[6:], axis=0).mean()
    assert calm < 0.5 * np.std(alone[6:], axis=0).mean()
    assert fused.noise_counts == pytest.approx(3.0, rel=0.3)
    assert np.abs(fused.measured - averaged(picture, SENSOR)).max() <= fused.noise_counts * 1.001


def test_a_step_of_temperature_shows_at_once():
    past = Past(8)
    guide, truth = look()
    for number in range(8):
        joined(past, truth, guide, 100 * number, noise=1.0)
    warmer = truth.copy()
    warmer[80:160, 80:160] += 40
    *_, fused = joined(past, warmer, guide, 800, noise=1.0)
    rise = float((fused.measured - averaged(truth, SENSOR))[11:19, 11:19].mean())
    assert rise == pytest.approx(40, abs=1.5)
    assert fused.let_go is None


def test_a_sensor_with_many_pixels_keeps_fewer_frames():
    past = Past(8)
    truth = np.tile(scene(1, 256, 320)[1].astype(np.float32), (2, 2))
    guide = np.ascontiguousarray(truth.astype(np.uint8))
    for number in range(4):
        picture = np.repeat(np.repeat(truth, 2, axis=0), 2, axis=1)
        fused = past.fused(picture, truth, guide, 100 * MS * number)
        past.keep(fused.picture)
    assert fused.frames == 2  # the picture before, no samples of others


def test_the_past_says_where_it_counts_when_it_is_asked():
    """Nothing where the temperature has changed, seven of eight parts where nothing has."""
    past = Past(8)
    guide, truth = look()
    for number in range(8):
        *_, fused = joined(past, truth, guide, 100 * number)
        assert fused.shares is None
    past.tells_shares = True
    warmer = truth.copy()
    warmer[80:160, 80:160] += 400
    *_, fused = joined(past, warmer, guide, 800)
    shares = fused.shares
    assert shares.shape == SENSOR
    assert shares[12:18, 12:18].max() < 0.05
    assert shares[2:-2, 24:-4].min() > 0.8
    assert shares.max() < 1


def test_shares_of_many_pixels_are_those_of_blocks_of_them():
    past = Past(4)
    past.tells_shares = True
    truth = scene(1, 480, 640)[1].astype(np.float32)
    guide = textured(1)[:480, :640]
    measured = averaged(truth, (120, 160))
    picture = np.repeat(np.repeat(measured, 4, axis=0), 4, axis=1)
    for number in range(4):
        fused = past.fused(picture, measured, grey_of_guide(guide, (480, 640)), 100 * MS * number)
        past.keep(fused.picture)
    assert fused.shares.shape == (60, 80)
    # three earlier frames beside the present one, and 0.3 of an estimate that comes from before
    assert np.median(fused.shares) == pytest.approx((3 + 0.3 * 0.85) / 4.3, abs=0.03)
