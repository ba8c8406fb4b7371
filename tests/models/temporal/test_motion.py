import cv2
import numpy as np
import pytest

from models.temporal.motion import MotionEstimator, grey_of_guide, held_of, looked_up
from tests.support.scenes import scene

CANVAS = (240, 320)


def textured(seed: int) -> np.ndarray:
    """A visible picture with something to follow everywhere."""
    visible, _ = scene(seed, 300, 400)
    noise = np.random.default_rng(seed).normal(0, 30, (300, 400, 3))
    return np.clip(visible + cv2.GaussianBlur(noise, (0, 0), 2) * 4, 0, 255).astype(np.uint8)


def seen(picture: np.ndarray, x: int, y: int) -> np.ndarray:
    return picture[30 + y : 270 + y, 40 + x : 360 + x]


def motion_of(earlier: np.ndarray, present: np.ndarray):
    return MotionEstimator().between(grey_of_guide(earlier, CANVAS), grey_of_guide(present, CANVAS))


def test_a_shift_is_found_both_ways_and_held_inside():
    picture = textured(1)
    motion = motion_of(seen(picture, 0, 0), seen(picture, 6, -4))
    inner = (slice(20, 100), slice(20, 140))
    assert np.abs(motion.forward[inner] - (-3, 2)).max() < 0.3
    assert np.abs(motion.backward[inner] - (3, -2)).max() < 0.3
    assert motion.held[inner].mean() > 0.8
    assert motion.held[:, -2:].max() < 0.01  # what came in was not there before


def test_another_picture_is_not_held():
    motion = motion_of(seen(textured(1), 0, 0), seen(textured(2), 0, 0))
    assert motion.held.mean() < 0.1


def test_what_moves_by_itself_is_not_held_where_it_was_and_at_its_edges():
    picture, thing = textured(1), textured(7)

    def with_thing(x: int) -> np.ndarray:
        whole = seen(picture, 0, 0).copy()
        whole[90:150, x : x + 60] = thing[90:150, 100:160]
        return whole

    motion = motion_of(with_thing(120), with_thing(128))
    uncovered = motion.held[48:72, 60:64]
    still = motion.held[10:40, 20:140]
    assert uncovered.mean() < 0.2
    assert still.mean() > 0.95


@pytest.mark.parametrize("threads", [2, 4])
def test_the_bits_do_not_depend_on_the_number_of_threads(threads):
    picture = textured(3)
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        one = motion_of(seen(picture, 0, 0), seen(picture, 5, 3))
        cv2.setNumThreads(threads)
        more = motion_of(seen(picture, 0, 0), seen(picture, 5, 3))
        assert cv2.getNumThreads() == threads
    finally:
        cv2.setNumThreads(before)
    assert np.array_equal(one.forward, more.forward)
    assert np.array_equal(one.held, more.held)


def test_values_between_pixels_and_beyond_the_border():
    plane = np.arange(12, dtype=np.float32).reshape(3, 4)
    at = np.array([[[1.5, 1.0], [-3.0, 0.0]]], dtype=np.float32)
    assert looked_up(plane, at).tolist() == [[5.5, 0.0]]


def test_the_same_pictures_give_the_same_bits_wherever_in_memory_they_lie() -> None:
    rng = np.random.default_rng(5)
    earlier, present = (
        cv2.GaussianBlur(rng.integers(0, 255, (240, 320), np.uint8), (0, 0), 3) for _ in range(2)
    )
    flow = np.zeros((240, 320, 2), np.float32)
    first = held_of(earlier, present, -flow, flow)
    assert 0.05 < first.mean() < 0.95  # what is steep decides it
    kept = [np.empty(2**24, np.uint8)]
    kept.clear()  # from then on the C library takes such arrays from the heap, at any place in it
    for size in range(60):
        kept.append(np.empty(1000 + 48 * size, np.uint8))
        again = held_of(earlier, present, -flow, flow)
        np.testing.assert_array_equal(again, first)
        kept.append(again[: size + 1].copy())
