import numpy as np

from models.inference.guide_cache import GuideCache


def test_the_newest_guide_of_a_canvas_is_known_by_its_key():
    made = []

    def prepare():
        made.append(len(made))
        return np.full((2, 2, 3), len(made), np.uint8)

    cache = GuideCache()
    first = cache.handle((2, 2), 7, prepare)
    assert cache.handle((2, 2), 7, prepare) is first
    assert len(made) == 1
    assert cache.handle((4, 4), 7, prepare) is not first
    assert cache.handle((4, 4), 8, prepare) is not first
    assert cache.handle((2, 2), 7, prepare) is not first, "only the newest is kept"


def test_without_a_key_no_guide_is_known_and_none_is_forgotten():
    cache = GuideCache()
    pixels = np.zeros((2, 2, 3), np.uint8)
    known = cache.handle((2, 2), 7, lambda: pixels)
    alike = [cache.handle((2, 2), None, lambda: pixels) for _ in range(2)]
    assert alike[0] is not alike[1]
    assert alike[0] != alike[1]
    assert cache.handle((2, 2), 7, lambda: pixels) is known
