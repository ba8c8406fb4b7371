from functools import cache

import cv2
import numpy as np
import pytest

from capture.scene.pairs import YARD_EVERY, simulated_pair

pair = cache(simulated_pair)


def edges(picture: np.ndarray) -> np.ndarray:
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.5)
    steep = np.log1p(np.hypot(cv2.Sobel(soft, -1, 1, 0), cv2.Sobel(soft, -1, 0, 1)))
    return (steep - steep.mean()) / steep.std()


def test_a_pair_is_a_function_of_seed_and_number():
    first, again = pair(3, 0), simulated_pair(3, 0)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[1], pair(4, 0)[1])
    assert not np.array_equal(first[1], pair(3, 3)[1])


def test_shapes_and_the_use_of_the_levels():
    for number in range(5):
        visible, thermal, _ = pair(3, number)
        assert (visible.shape, visible.dtype) == ((480, 640, 3), np.uint8)
        assert (thermal.shape, thermal.dtype) == ((480, 640), np.uint8)
        assert thermal.std() > 20
        assert visible.flags.c_contiguous


def test_edges_are_at_one_place_in_both():
    days = [pair(3, number) for number in (0, 1, 3)]
    for index, (visible, thermal, _) in enumerate(days):
        own = float((edges(visible) * edges(thermal)).mean())
        other = float((edges(days[index - 1][0]) * edges(thermal)).mean())
        moved = float((edges(np.roll(visible, 12, axis=1)) * edges(thermal)).mean())
        assert own > 0.25
        assert own > other + 0.1
        assert own > moved + 0.05


def test_scenes_take_turns_and_the_yard_comes_in_between():
    shown = [pair(3, number)[2] for number in range(5)]
    assert shown == ["street day", "street day", "street night", "street day", "street smoke"]
    assert pair(3, YARD_EVERY - 1)[2] == "yard day"
    assert pair(3, 1, ("smoke", "night"))[2] == "street night"


@pytest.mark.parametrize("kind", ["night", "smoke"])
def test_only_light_suffers_from_night_and_smoke(kind):
    by_day, spoiled = pair(3, 0), pair(3, 0, (kind,))
    assert np.abs(by_day[1].astype(int) - spoiled[1]).mean() < 12  # gain and mirror aside
    assert np.abs(by_day[0].astype(int) - spoiled[0]).mean() > 30
