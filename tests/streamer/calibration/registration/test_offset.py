"""Where a guide lies, found in pictures of the simulated rig, whose truth is known."""

from functools import cache, lru_cache

import cv2
import numpy as np
import pytest

from capture.scene.eye import Eye
from capture.scene.world import World
from streamer.calibration.registration.offset import Verdict, as_they_come, find_offset, moved_back
from streamer.calibration.warp import GuideWarp
from streamer.config.schema import BracketConfig

CANVAS, SENSOR = (480, 640), (60, 80)


@cache
def rig():
    """A look at one moment is a pure function of it: the yard is painted once for all of them."""
    return Eye(BracketConfig()), World(7, "day", 640, 480)


@lru_cache(maxsize=8)
def seen(moment_s=0.0, sensor=SENSOR, shift=(0.0, 0.0)):
    """A guide that lies so many pixels to the right and down, and counts of the same moment."""
    rng = np.random.default_rng(3)
    eye, world = rig()
    light = eye.picture(world.light(moment_s, eye), CANVAS)
    move = np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]]])
    light = cv2.warpAffine(light, move, CANVAS[::-1], borderMode=cv2.BORDER_REPLICATE)
    heat = cv2.resize(world.heat(moment_s), sensor[::-1], interpolation=cv2.INTER_AREA)
    counts = np.rint(7000 + heat * 20 + rng.normal(0, 1, heat.shape)).astype(np.uint16)
    noisy = np.clip(light + rng.normal(0, 2, light.shape), 0, 255).astype(np.uint8)
    noisy.flags.writeable = counts.flags.writeable = False
    return noisy, counts


@pytest.mark.parametrize("shift", [(4.0, 0.0), (-3.0, 2.5), (0.0, -8.0), (11.0, 11.0)])
@pytest.mark.parametrize("sensor", [(60, 80), (120, 160), (240, 320)])
def test_a_guide_that_lies_beside_is_found_to_a_pixel(shift, sensor):
    found = find_offset([seen(sensor=sensor, shift=shift)])
    assert found.verdict is Verdict.LINED_UP
    assert found.shift_px == pytest.approx(shift, abs=1.0)
    assert found.gain > 0.03


def test_what_lies_as_it_should_stays():
    found = find_offset([seen()])
    assert found.verdict is Verdict.LEFT
    assert np.hypot(*found.shift_px) < 1


def test_several_moments_say_it_more_surely():
    alone = [find_offset([seen(t, shift=(5.0, -2.0))]) for t in (0.0, 2.0, 4.0)]
    together = find_offset([seen(t, shift=(5.0, -2.0)) for t in (0.0, 2.0, 4.0)])
    off = [np.hypot(one.shift_px[0] - 5, one.shift_px[1] + 2) for one in (*alone, together)]
    assert off[-1] <= max(off[:-1])
    assert off[-1] < 0.7


def test_another_scene_and_no_scene_at_all_are_refused():
    guide, counts = seen()
    upside_down = np.ascontiguousarray(guide[::-1, ::-1])
    black = np.zeros_like(guide)
    flat = np.full_like(counts, 7000)
    for pair in ((upside_down, counts), (black, counts), (guide, flat)):
        assert find_offset([pair]).verdict is Verdict.REFUSED


def test_of_a_canvas_of_another_size_the_shift_is_told_in_pixels_of_640():
    guide, counts = seen(shift=(8.0, -4.0))
    half = cv2.resize(guide, (320, 240), interpolation=cv2.INTER_AREA)
    assert find_offset([(half, counts)]).shift_px == pytest.approx((8.0, -4.0), abs=1.0)


def test_moved_back_it_lies_right_again_and_a_wide_guide_is_stretched_as_before():
    guide, counts = seen(shift=(6.0, 3.0))
    came = as_they_come((480, 640), SENSOR)
    assert np.array_equal(GuideWarp(came)(guide, CANVAS), guide)
    back = GuideWarp(moved_back(came, (6.0, 3.0)))(guide, CANVAS)
    assert np.array_equal(back[:-3, :-6], guide[3:, 6:])
    assert find_offset([(back, counts)]).verdict is Verdict.LEFT
    wide = cv2.resize(guide, (640, 360), interpolation=cv2.INTER_AREA)
    fitting = GuideWarp(as_they_come((360, 640), SENSOR))(wide, CANVAS)
    stretched = cv2.resize(wide, (640, 480), interpolation=cv2.INTER_LINEAR)
    assert np.abs(fitting.astype(int) - stretched).mean() < 1
