import numpy as np
import pytest

from streamer.calibration.geometry import (
    ideal,
    pixel_grid,
    pixels_of,
    points_of,
    projected,
    seen,
    similarity,
)


def test_the_edges_of_a_picture_are_one_half_width_from_its_middle():
    grid = pixel_grid((480, 640))
    assert grid[0, 0] == pytest.approx((-1 + 1 / 640, -0.75 + 1 / 640))
    assert points_of(np.array([-0.5, 479.5]), (480, 640)) == pytest.approx((-1, 0.75))
    assert pixels_of(grid, (480, 640))[5, 7] == pytest.approx((7, 5))


@pytest.mark.parametrize("lens", [(-0.12, 0.01), (0.08, 0.0), (0.0, 0.0)])
def test_a_lens_is_undone(lens):
    grid = pixel_grid((48, 64))
    assert ideal(seen(grid, lens), lens) == pytest.approx(grid, abs=1e-6)


def test_a_turn_is_clockwise_as_the_picture_is_seen():
    right = projected(similarity(2.0, 90.0, (0.1, 0.0)), np.array([[1.0, 0.0]]))
    assert right == pytest.approx(np.array([[0.1, 2.0]]))  # y points down
