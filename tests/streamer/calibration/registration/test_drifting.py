"""What a guide drifts is taken out, on the simulated rig, whose truth is known."""

import numpy as np
import pytest

from streamer.calibration.registration.drifting import DriftFollower
from streamer.calibration.registration.following import FEWEST, STEP_PX
from streamer.calibration.registration.offset import as_they_come, moved_back
from streamer.calibration.registration.patches import Patches
from streamer.calibration.registration.watch import agreement_surface
from streamer.calibration.warp import GuideWarp
from tests.streamer.calibration.registration.test_offset import CANVAS, SENSOR, seen


def followed(shift, looks, changed=lambda light: light, sensor=SENSOR):
    """How far the guide lies aside look by look, and the follower."""
    used, follower, missed_px = as_they_come(CANVAS, sensor), DriftFollower(), []
    for look in range(looks):
        guide, counts = seen(look % 4 * 0.5, sensor=sensor, shift=shift)
        shown = GuideWarp(used)(changed(guide), CANVAS)
        surface = agreement_surface(shown, counts)
        step = None
        if surface is not None:
            step = follower.look(surface, Patches([(shown, counts)]))
        used = used if step is None else moved_back(used, step)
        missed_px.append(np.subtract(shift, follower.taken_px))
    return np.array(missed_px), follower


@pytest.mark.parametrize("shift", [(3.0, 0.0), (-5.0, 4.0)])
def test_it_goes_slowly_to_where_the_guide_lies_right_and_stays(shift):
    missed_px, follower = followed(shift, 22)
    steps_px = np.linalg.norm(np.diff(missed_px, axis=0), axis=1)
    assert not steps_px[: FEWEST - 2].any()  # before there were enough looks
    assert np.hypot(*missed_px[-1]) < 1
    assert steps_px.max() <= STEP_PX + 1e-6
    assert follower.steps == np.count_nonzero(steps_px)
    assert not steps_px[-3:].any()
    assert follower.unsure == 0


@pytest.mark.parametrize("sensor", [SENSOR, (120, 160)])
def test_a_guide_that_lies_right_is_left_alone(sensor):
    _, follower = followed((0.0, 0.0), 16, sensor=sensor)
    assert (follower.steps, follower.taken_px) == (0, (0.0, 0.0))


def covered(light):
    return np.full_like(light, 8)


def upside_down(light):
    return np.ascontiguousarray(light[::-1, ::-1])


@pytest.mark.parametrize("changed", [covered, upside_down])
def test_what_is_not_clear_moves_nothing(changed):
    _, follower = followed((4.0, 0.0), 12, changed)
    assert follower.steps == 0
    assert changed is covered or follower.unsure > 3


def test_what_lies_too_far_aside_stays_and_is_counted():
    _, follower = followed((24.0, 0.0), 12)
    assert (follower.steps, follower.taken_px) == (0, (0.0, 0.0))
    assert follower.unsure > 3
