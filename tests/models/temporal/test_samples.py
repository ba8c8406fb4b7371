import cv2
import numpy as np
import pytest

from models.imaging.agreement.consistency import averaged
from models.temporal.motion import Motion
from models.temporal.samples import Samples, whole_held
from tests.support.scenes import scene

CANVAS = (96, 128)


def fine(x: int = 0) -> np.ndarray:
    """A thermal scene on the canvas, moved by x pixels to the left and half as many up."""
    return scene(5, 128, 192)[1][x // 2 : x // 2 + 96, x : x + 128].astype(np.float32)


def moving(x: float) -> Motion:
    """Everything goes x canvas pixels to the right, and half as many down."""
    forward = np.zeros((48, 64, 2), np.float32)
    forward[:] = (x / 2, x // 2 / 2)
    return Motion(forward, -forward, np.ones((48, 64), np.float32))


def moved(picture: np.ndarray, motion: Motion) -> Samples:
    """What a sensor of 16x12 pixels measured of a picture, one frame later."""
    samples = Samples.of_frame(averaged(picture, (12, 16)), CANVAS)
    return samples.moved(motion, whole_held(motion, 8), CANVAS)


@pytest.mark.parametrize("scale", [4, 8])
def test_a_sample_says_what_its_area_averages_to(scale):
    picture = fine()
    measured = averaged(picture, (96 // scale, 128 // scale))
    correction = Samples.of_frame(measured, CANVAS).correction(picture)
    assert np.abs(correction).max() < 0.01


def test_samples_follow_the_motion_and_leave_at_the_border():
    samples = moved(fine(), moving(6))
    assert np.allclose(samples.points[0, 0, 0], (9.5, 6.5))
    assert (samples.weights[0, :, -1] == 0).all()
    assert (samples.weights[0, :-1, :-1] == 1).all()


def test_what_is_not_held_counts_no_more_with_all_its_area():
    held = np.ones((48, 64), np.float32)
    held[20:28, 30:34] = 0
    motion = Motion(moving(0).forward, moving(0).backward, held)
    weights = moved(fine(), motion).weights[0]
    assert weights[5:7, 7:9].max() == 0
    assert weights[:3].min() == 1


def test_frames_that_averaged_elsewhere_sharpen_the_present_one():
    present = fine(0)
    samples = Samples.of_frame(averaged(present, (12, 16)), CANVAS)
    for x in (2, 4, 6):
        earlier = moved(fine(x), moving(x))
        samples = earlier.followed_by(samples, 8)
    assert len(samples) == 4
    blurred = np.asarray(
        cv2.resize(averaged(present, (12, 16)), CANVAS[::-1], interpolation=cv2.INTER_LINEAR)
    )
    inner = (slice(16, -8), slice(16, -8))

    def error(frames: int) -> float:
        picture = blurred.copy()
        of = Samples(samples.points[-frames:], samples.values[-frames:], samples.weights[-frames:])
        for _ in range(3):
            picture += of.correction(picture)
        return float(np.square(picture - present)[inner].mean())

    assert error(4) < 0.85 * error(1)


def test_only_the_newest_are_kept():
    samples = Samples.of_frame(np.zeros((12, 16), np.float32), CANVAS)
    for value in range(5):
        newer = Samples.of_frame(np.full((12, 16), value, np.float32), CANVAS)
        samples = samples.followed_by(newer, 3)
    assert samples.values[:, 0, 0].tolist() == [2, 3, 4]
    assert samples.newest.values[0, 0, 0] == 4
