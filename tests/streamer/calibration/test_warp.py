import cv2
import msgspec
import numpy as np
import pytest

from models.imaging.canvas import fitted
from streamer.calibration.calibration import Calibration, Parallax, View, rows_of
from streamer.calibration.errors import CalibrationError
from streamer.calibration.geometry import pixel_grid, pixels_of, similarity
from streamer.calibration.warp import GuideWarp, check_warp

CANVAS, SENSOR = (120, 160), (60, 80)


def calibration(matrix=None, size=(120, 160), **visible):
    return Calibration(
        method="points",
        visible=View(width=size[1], height=size[0], **visible),
        thermal=View(width=80, height=60),
        matrix=rows_of(np.eye(3) if matrix is None else matrix),
    )


def picture(rows=120, columns=160):
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (rows // 8, columns // 8, 3), dtype=np.uint8)
    return np.ascontiguousarray(np.kron(coarse, np.ones((8, 8, 1), np.uint8)))


def test_cameras_that_see_the_same_get_the_guide_as_it_is():
    guide = picture()
    assert np.array_equal(GuideWarp(calibration())(guide, CANVAS), fitted(guide, CANVAS))


def test_what_lies_to_the_right_and_below_comes_back():
    warp = GuideWarp(calibration(similarity(1.0, 0.0, (8 / 80, 16 / 80))))
    guide = picture()
    assert np.array_equal(warp(guide, CANVAS)[:104, :152], guide[16:, 8:])


def test_a_wide_guide_is_cropped_and_not_stretched():
    guide = picture(120, 240)
    matrix = similarity(2 / 3, 0.0, (0.0, 0.0))  # as tall as the thermal picture
    fitting = calibration(matrix, size=(120, 240))
    check_warp(fitting, (120, 240), SENSOR, CANVAS)
    assert np.array_equal(GuideWarp(fitting)(guide, CANVAS), guide[:, 40:200])


def test_a_fine_guide_is_averaged_before_it_is_sampled():
    fine = np.zeros((480, 640, 3), np.uint8)
    fine[:, ::2] = 200  # finer than the canvas can show
    found = GuideWarp(calibration(similarity(1.0, 3.0, (0, 0)), size=(480, 640)))(fine, CANVAS)
    assert abs(int(found.min()) - int(found.max())) <= 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (calibration(np.diag([-1.0, 1.0, 1.0])), "mirrors"),
        (calibration(k1=-0.6), "folds"),
        (calibration(similarity(1.0, 0.0, (1.0, 0.0))), "covers 50 % of the thermal one"),
        (calibration(size=(90, 160)), "made for visible pictures of 160x90, and 160x120 came"),
        (calibration(similarity(0.05, 0.0, (0.0, 0.0))), "scales the visible picture"),
    ],
)
def test_a_map_that_cannot_be_right_is_refused(wrong, words):
    with pytest.raises(CalibrationError, match=words):
        check_warp(wrong, (120, 160), SENSOR, CANVAS)


def test_what_is_nearer_is_seen_further_to_the_side():
    """f b / Z: a camera 5 cm to the right with a field of view of 90 degrees, 2 m and 1 m away."""
    parallax = Parallax(baseline_m=(0.05, 0.0), field_of_view_deg=90.0, distance_m=2.0)
    near = msgspec.structs.replace(calibration(), parallax=parallax).at(1.0)
    assert near.visible_points(np.zeros((1, 2)))[0] == pytest.approx((-0.025, 0.0))
    assert near.parallax.distance_m == 1.0
    assert calibration().at(1.0) == calibration()


@pytest.mark.parametrize("canvas", [(480, 640), (473, 637)])
def test_a_map_of_every_eighth_pixel_is_that_of_each(canvas):
    guide = cv2.GaussianBlur(picture(480, 640), (0, 0), 3)
    bent = calibration(similarity(1.02, 2.0, (0.03, -0.02)), size=(480, 640), k1=-0.08, k2=0.01)
    places = pixels_of(bent.visible_points(pixel_grid(canvas)), (480, 640))
    x, y = (np.ascontiguousarray(places[..., axis], np.float32) for axis in (0, 1))
    exact = cv2.remap(guide, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    apart = np.abs(GuideWarp(bent)(guide, canvas).astype(int) - exact)
    assert apart.max() <= 2
    assert apart.mean() < 0.1


def test_a_canvas_smaller_than_a_step_of_the_map():
    assert GuideWarp(calibration())(picture(), (6, 5)).shape == (6, 5, 3)
