import numpy as np
import pytest

from capture.scene.eye import FIELD_OF_VIEW_DEG
from streamer.calibration.calibration import Calibration, Parallax, View, rows_of
from streamer.calibration.finding.distance import find_distance
from streamer.calibration.finding.itself import find_by_itself
from streamer.calibration.geometry import pixel_grid, projected, seen, similarity
from streamer.calibration.registration.watch import AlignmentWatch
from tests.streamer.calibration.finding.rig import rig_pairs

BRACKET = {
    "scale": 1.05, "rotation_deg": 2.0,
    "shift_x_px": 16.0, "shift_y_px": -12.0, "distortion": -0.03,
}  # fmt: skip


@pytest.fixture(scope="module")
def rig():
    return rig_pairs(times_s=(2.0,), **BRACKET)


def test_two_cameras_are_lined_up_from_what_both_see(rig):
    """Turned by 2 degrees, 5 % larger, 20 px beside, with a lens: a pixel, two in the corners."""
    eye, pairs = rig
    shares = []
    found = find_by_itself(pairs, (120, 160), progress=shares.append)
    assert found.accepted, found
    assert found.words()
    grid = pixel_grid((480, 640), 40)
    missed = seen(projected(found.fit.matrix, grid), found.fit.lens) - eye.place(grid, 10.0)
    error_px = np.linalg.norm(missed, axis=-1) * 320 / 1.05
    assert np.median(error_px) < 1.0
    assert error_px.max() < 2.0
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_another_scene_and_a_covered_lens_are_refused(rig):
    _, pairs = rig
    elsewhere = [(light[::-1, ::-1].copy(), heat) for light, heat in pairs[:1]]
    assert not find_by_itself(elsewhere, (120, 160)).accepted
    rng = np.random.default_rng(2)
    covered = [(rng.normal(8, 3, (240, 320)).astype(np.float32), pairs[0][1])]
    assert not find_by_itself(covered, (120, 160)).accepted


def test_a_drift_is_seen_after_some_looks():
    aligned, heat = rig_pairs(times_s=(2.0,))[1][0]
    watch = AlignmentWatch()
    for look in range(8):
        assert (watch.agreement is None) == (look < 5)
        watch.look(np.repeat(aligned[..., None], 3, axis=2).astype(np.uint8), heat)
    assert watch.drift_px == (0.0, 0.0)
    before = watch.agreement
    moved = np.roll(aligned, (6, -8), axis=(0, 1))  # of 320 wide: -16 and 12 of 640
    for _ in range(20):
        watch.look(np.repeat(moved[..., None], 3, axis=2).astype(np.uint8), heat)
    assert watch.drift_px == pytest.approx((-16.0, 12.0), abs=4)
    assert watch.agreement < before


@pytest.mark.parametrize("distance_m", [2.0, 6.0])
def test_the_distance_of_what_is_looked_at_is_found_to_a_tenth(distance_m):
    """Lined up at 4 m, cameras 5 cm apart."""
    eye, pairs = rig_pairs(times_s=(2.0,), baseline_m=0.05, distance_m=distance_m)
    matrix = similarity(1.0, 0.0, (float(eye.parallax(4.0)), 0.0))
    known = Calibration(
        method="itself",
        visible=View(width=320, height=240),
        thermal=View(width=160, height=120),
        matrix=rows_of(matrix),
        parallax=Parallax(
            baseline_m=(0.05, 0.0), field_of_view_deg=FIELD_OF_VIEW_DEG, distance_m=4.0
        ),
    )
    found = find_distance(pairs, known, (120, 160))
    assert found.distance_m == pytest.approx(distance_m, rel=0.1)
    assert found.confidence > 0.5
    grid = pixel_grid((480, 640), 40)
    missed = known.at(found.distance_m).visible_points(grid) - eye.place(grid, distance_m)
    assert np.abs(missed).max() * 320 < 1.5
