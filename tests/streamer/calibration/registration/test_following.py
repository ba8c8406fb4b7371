"""The distance follows the scene of the simulated rig, whose truth is known."""

import cv2
import numpy as np
import pytest

from capture.scene.eye import FIELD_OF_VIEW_DEG, Eye
from capture.scene.world import World
from streamer.calibration.calibration import Calibration, Parallax, View, rows_of
from streamer.calibration.geometry import pixel_grid
from streamer.calibration.registration.following import STEP_PX, DistanceFollower
from streamer.calibration.registration.watch import agreement_surface
from streamer.calibration.warp import GuideWarp
from streamer.config.schema import BracketConfig

CANVAS = (240, 320)
GRID = pixel_grid(CANVAS, 20)
BASELINE_M = 0.05


def lined_up(eye, distance_m):
    """As the rig is, for one distance."""
    matrix = np.eye(3)
    matrix[0, 2] = eye.parallax(distance_m)
    return Calibration(
        method="hand",
        visible=View(width=320, height=240),
        thermal=View(width=160, height=120),
        matrix=rows_of(matrix),
        parallax=Parallax(
            baseline_m=(BASELINE_M, 0.0),
            field_of_view_deg=FIELD_OF_VIEW_DEG,
            distance_m=distance_m,
        ),
    )


def followed(distance_m, begun_m, looks, seen=lambda light: light, depth="flat", kind="day"):
    """What is used look by look, how far it is off, and the follower."""
    bracket = BracketConfig(baseline_m=BASELINE_M, distance_m=distance_m, depth=depth)
    eye, world, rng = Eye(bracket), World(7, kind, 320, 240), np.random.default_rng(3)
    first = used = lined_up(eye, begun_m)
    follower, missed_px = DistanceFollower(first), []
    truth = eye.place(GRID, distance_m) if depth == "flat" else eye.still_places(GRID)
    for look in range(looks):
        light = eye.picture(world.light(look * 0.5, eye), CANVAS)
        noisy = np.clip(seen(light) + rng.normal(0, 2, light.shape), 0, 255).astype(np.uint8)
        heat = cv2.resize(world.heat(look * 0.5), (160, 120), interpolation=cv2.INTER_AREA)
        counts = np.rint(heat * 100 + rng.normal(0, 5, heat.shape)).astype(np.uint16)
        surface = agreement_surface(GuideWarp(used)(noisy, CANVAS), counts)
        moved = None if surface is None else follower.look(surface, used)
        used = used if moved is None else used.at(moved)
        apart = np.linalg.norm(used.visible_points(GRID) - truth, axis=-1)
        missed_px.append(float(np.median(apart)) * 320)
    return used.parallax.distance_m, missed_px, follower


@pytest.mark.parametrize(("distance_m", "begun_m"), [(2.0, 5.0), (30.0, 5.0)])
def test_it_goes_slowly_to_where_edges_agree_and_stays(distance_m, begun_m):
    found_m, missed_px, follower = followed(distance_m, begun_m, 22)
    assert missed_px[0] > 4
    assert missed_px[-1] < 1
    assert 1 / found_m == pytest.approx(1 / distance_m, abs=0.02)
    steps_px = np.abs(np.diff(missed_px))
    assert steps_px.max() <= STEP_PX + 0.01
    assert follower.steps == np.count_nonzero(steps_px)
    assert not steps_px[-3:].any()
    assert follower.unsure == 0


def test_in_a_scene_in_depth_it_goes_to_what_most_edges_are_at():
    _, missed_px, _ = followed(2.0, 0.9, 34, depth="scene")
    assert missed_px[0] > 15
    assert missed_px[-1] < 1.5


def covered(light):
    return np.full_like(light, 8)


def upside_down(light):
    return light[::-1, ::-1]


@pytest.mark.parametrize("seen", [covered, upside_down])
def test_what_is_not_clear_moves_nothing_and_is_counted(seen):
    found_m, _, follower = followed(5.0, 3.0, 14, seen)
    assert found_m == 3.0
    assert follower.steps == 0
    assert follower.unsure > 5


def test_a_bracket_that_was_knocked_is_no_distance():
    """The picture lies 24 px of 640 lower: no distance takes it there."""
    found_m, _, follower = followed(5.0, 5.0, 14, lambda light: np.roll(light, 12, axis=0))
    assert found_m == 5.0
    assert follower.unsure > 5
