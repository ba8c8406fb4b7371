import cv2
import numpy as np
import pytest

from models.temporal.carried import Carrier
from models.temporal.motion import grey_of_guide

SIZE = (240, 320)


def moved(picture, x, y):
    matrix = np.float32([[1, 0, x], [0, 1, y]])
    return cv2.warpAffine(picture, matrix, SIZE[::-1], borderMode=cv2.BORDER_REFLECT)


@pytest.fixture
def scene():
    """A guide with texture, and counts that have its edges and not its colours."""
    rng = np.random.default_rng(3)
    coarse = cv2.resize(rng.random((30, 40)).astype(np.float32), SIZE[::-1])
    fine = cv2.GaussianBlur(rng.random(SIZE).astype(np.float32), (0, 0), 1.5)
    grey = cv2.normalize(coarse + 2 * fine, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    soft = cv2.GaussianBlur((255 - grey).astype(np.float32), (0, 0), 1.0)
    counts = (30000 + 8 * soft).astype(np.uint16)
    return cv2.merge([grey, grey, grey]), counts


@pytest.mark.parametrize(("x", "y"), [(6.0, -4.0), (-3.5, 2.5), (0.0, 0.0)])
def test_a_picture_goes_where_its_guide_goes(scene, x, y):
    guide, counts = scene
    carrier = Carrier()
    carrier.begin(counts, grey_of_guide(guide, SIZE))
    carried = carrier.carried(grey_of_guide(moved(guide, x, y), SIZE))
    assert carried is not None
    assert carried.held > 0.8
    assert carried.pixels.dtype == np.uint16
    inner = (slice(16, -16), slice(16, -16))
    truth = moved(counts, x, y)[inner].astype(float)
    off = np.abs(carried.pixels[inner] - truth).mean()
    stayed = np.abs(counts[inner] - truth).mean()
    assert off < 12 or off < 0.2 * stayed
    assert (x, y) == (0, 0) or off < 0.2 * stayed


def test_it_always_begins_from_what_was_measured(scene):
    guide, counts = scene
    carrier = Carrier()
    carrier.begin(counts, grey_of_guide(guide, SIZE))
    last = grey_of_guide(moved(guide, 5, 0), SIZE)
    at_once = carrier.carried(last)
    carrier.carried(grey_of_guide(moved(guide, 2, 3), SIZE))
    assert np.array_equal(carrier.carried(last).pixels, at_once.pixels)


def test_another_scene_is_not_foretold(scene):
    guide, counts = scene
    carrier = Carrier()
    assert carrier.carried(grey_of_guide(guide, SIZE)) is None  # nothing was measured yet
    carrier.begin(counts, grey_of_guide(guide, SIZE))
    other = np.random.default_rng(9).integers(0, 255, (*SIZE, 3), np.uint8)
    assert carrier.carried(grey_of_guide(other, SIZE)) is None
    assert carrier.carried(np.zeros((60, 80), np.uint8)) is None  # another canvas
    carrier.begin(None, None)
    assert carrier.carried(grey_of_guide(guide, SIZE)) is None
