import cv2
import numpy as np
import pytest

from streamer.calibration.errors import CalibrationError
from streamer.calibration.finding.board import from_board
from streamer.calibration.geometry import pixels_of, points_of, projected, seen, similarity

SENSOR, GUIDE = (120, 160), (480, 640)


def board(size, low, high, matrix):
    """A checkerboard of 7 x 5 squares, drawn where a camera sees it, and softly."""
    fine = np.full((480, 640), high, np.float32)
    for row in range(6):
        for column in range(8):
            if (row + column) % 2:
                fine[100 + row * 40 : 140 + row * 40, 160 + column * 40 : 200 + column * 40] = low
    to_pixels = np.array([[320, 0, 319.5], [0, 320, 239.5], [0, 0, 1.0]])
    moved = cv2.warpPerspective(
        fine, to_pixels @ matrix @ np.linalg.inv(to_pixels), (640, 480), borderValue=high
    )
    small = cv2.resize(moved, size[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.6), np.float32)


def test_a_board_that_both_see_lines_them_up():
    truth = similarity(0.9, 3.0, (0.05, -0.02))
    pair = board(GUIDE, 30, 220, truth), board(SENSOR, 180, 90, np.eye(3))  # warm where dark
    found = from_board([pair], SENSOR, GUIDE, (7, 5))
    assert found.residual_px < 1.0
    places = np.array([[50.0, 30], [110, 80], [80, 60]])
    there = seen(projected(found.fit.matrix, points_of(places, SENSOR)), found.fit.lens)
    right = pixels_of(projected(truth, points_of(places, SENSOR)), GUIDE)
    assert pixels_of(there, GUIDE) == pytest.approx(right, abs=1.5)


def test_a_board_that_only_one_sees_is_told():
    pair = board(GUIDE, 30, 220, np.eye(3)), np.full(SENSOR, 100, np.float32)
    with pytest.raises(
        CalibrationError, match="visible camera sees it in 1 of 1, the thermal one in 0"
    ):
        from_board([pair], SENSOR, GUIDE, (7, 5))
