import numpy as np

from streamer.messages import Radiometry
from streamer.thermal.readings import extremes, reading_at


def test_the_pixel_under_a_point():
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4)
    assert reading_at(pixels, 0.0, 0.0).counts == 0
    assert reading_at(pixels, 0.49, 0.5).counts == 5
    assert reading_at(pixels, 1.0, 1.0).counts == 11
    assert reading_at(pixels, -3, 7).counts == 8


def test_hottest_and_coldest():
    pixels = np.full((30, 40), 500, np.uint16)
    pixels[7, 11], pixels[20, 3] = 900, 100
    found = extremes(pixels)
    assert (found.hottest.column, found.hottest.row, found.hottest.counts) == (11, 7, 900)
    assert (found.coldest.column, found.coldest.row, found.coldest.counts) == (3, 20, 100)
    assert (found.hottest.u, found.hottest.v) == (11.5 / 40, 7.5 / 30)


def test_a_falling_camera_has_its_hottest_at_the_least_count():
    pixels = np.array([[1, 9]], np.uint16)
    assert extremes(pixels, Radiometry(-1.0, 400.0)).hottest.counts == 1
