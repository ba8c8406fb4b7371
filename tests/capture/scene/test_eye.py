import cv2
import numpy as np
import pytest

from capture.drivers.simulated import SimulatedVisible
from capture.scene.eye import Eye
from capture.scene.world import World
from streamer.clock import NS_PER_MS
from streamer.config.schema import BracketConfig, SimulatedConfig
from tests.capture.camera_contract import ORIGIN_NS
from tests.capture.sources import visible_config


def test_the_usual_rig_sees_what_the_thermal_camera_sees():
    assert Eye(BracketConfig()).in_place
    assert not Eye(BracketConfig(shift_y_px=1.0)).in_place
    assert not Eye(BracketConfig(baseline_m=0.05)).in_place


def test_a_dot_is_shown_where_the_rig_says_it_is():
    eye = Eye(BracketConfig(scale=1.1, rotation_deg=3, shift_x_px=20, distortion=-0.05))
    painted = np.zeros((480, 640, 3), np.uint8)
    cv2.circle(painted, (420, 150), 4, (255, 255, 255), -1)
    shown = eye.picture(painted, (480, 640))[..., 0].astype(float)
    y, x = np.average(np.indices(shown.shape).reshape(2, -1), axis=1, weights=shown.ravel())
    point = np.array([(420.5 - 320) / 320, (150.5 - 240) / 320])
    there = eye.place(point, 10.0) * 320 + (319.5, 239.5)
    assert (x, y) == pytest.approx(there, abs=0.3)


def test_a_camera_to_the_right_sees_near_things_further_left():
    """A metre at 8.5 m is 69.5 of 640 pixels wide: 5 cm at 2 m are as much as 14.8."""
    eye = Eye(BracketConfig(baseline_m=0.05, depth="scene", distance_m=2.0))
    assert float(eye.parallax(2.0)) * 320 == pytest.approx(-14.7, abs=0.2)
    world = World(7, "day", 320, 240)
    assert not np.array_equal(world.light(3.0, eye), world.light(3.0))
    far = Eye(BracketConfig(baseline_m=0.05, distance_m=10000.0))
    difference = np.abs(world.light(3.0, far).astype(int) - world.light(3.0))
    assert difference.mean() < 0.5


def test_a_camera_out_of_step_says_when_it_looked_too_late():
    bracket = BracketConfig(phase_ms=12.0, delay_ms=80.0)
    camera = SimulatedVisible("visible", visible_config(), SimulatedConfig(bracket=bracket))
    camera.open()
    camera.start(ORIGIN_NS, ORIGIN_NS)
    assert camera.read().timestamp_ns - ORIGIN_NS == 92 * NS_PER_MS
