import cv2
import msgspec
import numpy as np
import pytest

from models.data.augmentation_config import AugmentationConfig, GuideGeometry
from models.data.dataset import Pair
from models.data.guide_geometry import described, draw_displacement, moved_guide
from models.data.sample import draw_sample
from tests.support.scenes import scene

PICTURE, PLACE, CROP = (240, 320), (64, 96), (64, 80)


def offsets(geometry, draws=40):
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        offset = draw_displacement(PICTURE, PLACE, CROP, geometry, rng)
        assert offset is not None
        assert offset.shape == (2, *CROP)
        assert offset.dtype == np.float32
        yield offset


def test_a_shift_is_one_shift_within_its_maximum():
    found = [offset[:, 0, 0] for offset in offsets(GuideGeometry(shifted=1, shift_px=5))]
    for offset in offsets(GuideGeometry(shifted=1, shift_px=5)):
        assert np.ptp(offset, axis=(1, 2)).max() < 1e-3
    assert 4 < np.abs(found).max() <= 5


def test_scale_and_rotation_are_about_the_pictures_centre():
    y, x = np.mgrid[PLACE[0] : PLACE[0] + CROP[0], PLACE[1] : PLACE[1] + CROP[1]]
    from_centre = np.hypot(x - 159.5, y - 119.5)
    far = np.unravel_index(from_centre.argmax(), CROP)
    most = []
    for offset in offsets(GuideGeometry(scaled=1, scale=0.1)):
        # Along the line from the centre, in proportion to the distance.
        ratio = np.hypot(*offset) / from_centre
        assert np.ptp(ratio) < 1e-4
        assert abs(offset[0] * (y - 119.5) - offset[1] * (x - 159.5)).max() < 0.05
        most.append(float(ratio.max()))
    assert 0.08 < max(most) <= 0.1 + 1e-4
    most = []
    for offset in offsets(GuideGeometry(rotated=1, rotation_deg=10)):
        chord = np.hypot(*offset)[far] / from_centre[far]
        most.append(np.rad2deg(2 * np.arcsin(chord / 2)))
    assert 8 < max(most) <= 10 + 1e-3


def test_perspective_moves_corners_and_keeps_lines():
    rng = np.random.default_rng(3)
    geometry = GuideGeometry(perspective=1, perspective_px=9)
    offset = draw_displacement(PICTURE, (0, 0), PICTURE, geometry, rng)
    assert offset is not None
    corners = np.abs(offset[:, [0, 0, -1, -1], [0, -1, 0, -1]])
    assert 0 < corners.min() < corners.max() <= 9
    y, x = np.mgrid[0 : PICTURE[0], 0 : PICTURE[1]].astype(np.float64)
    there = np.stack([(x + offset[0])[120], (y + offset[1])[120]])
    line = np.polyfit(there[0], there[1], 1)
    assert np.abs(np.polyval(line, there[0]) - there[1]).max() < 0.01


def test_parallax_is_smooth_along_one_baseline():
    most = []
    for offset in offsets(GuideGeometry(parallax=1, parallax_px=7)):
        along = offset.reshape(2, -1)
        assert np.linalg.svd(along, compute_uv=False)[1] < 1e-3 * np.linalg.norm(along)
        assert np.abs(np.diff(offset, axis=1)).max() < 1.2  # nothing is torn
        most.append(float(np.hypot(*offset).max()))
    assert 6 < max(most) <= 7 + 1e-3


def test_the_guide_is_found_where_it_was_moved_from():
    visible = scene(0, *PICTURE)[0]
    geometry = GuideGeometry(shifted=1, shift_px=6)
    for seed in range(10):
        rng, again = (np.random.default_rng(seed) for _ in "ab")
        moved = moved_guide(visible, PLACE, CROP, geometry, rng)
        offset = draw_displacement(PICTURE, PLACE, CROP, geometry, again)
        assert moved is not None
        assert offset is not None
        dx, dy = offset[:, 0, 0]
        whole = cv2.warpAffine(
            visible, np.float32([[1, 0, dx], [0, 1, dy]]), PICTURE[::-1],
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        wanted = whole[PLACE[0] : PLACE[0] + CROP[0], PLACE[1] : PLACE[1] + CROP[1]]
        assert np.abs(moved.astype(int) - wanted).mean() < 1.0


def test_chances_are_kept():
    geometry = GuideGeometry(shifted=0.3)
    drawn = [
        draw_displacement(PICTURE, PLACE, CROP, geometry, np.random.default_rng(seed)) is not None
        for seed in range(600)
    ]
    assert np.mean(drawn) == pytest.approx(0.3, abs=0.06)


def test_a_switch_that_is_off_draws_nothing():
    rng = np.random.default_rng(0)
    before = rng.bit_generator.state
    assert draw_displacement(PICTURE, PLACE, CROP, GuideGeometry(), rng) is None
    assert rng.bit_generator.state == before
    assert described(GuideGeometry(), 64) is None


def test_the_guide_alone_is_moved():
    thermal = scene(0, *PICTURE)[1]
    visible = np.random.default_rng(0).integers(0, 256, (*PICTURE, 3), dtype=np.uint8)
    plain = AugmentationConfig(
        crop_px=64, wrong_guide=0, shifted=0, recoloured=0, grey=0, spoiled=0
    )
    geometry = GuideGeometry(shifted=1, shift_px=20)
    moved = msgspec.structs.replace(plain, geometry=geometry, dihedral=False)
    still = msgspec.structs.replace(plain, dihedral=False)
    differ = 0
    for seed in range(8):
        first, second = (
            draw_sample(Pair("p", visible, thermal, None), each, np.random.default_rng(seed))
            for each in (moved, still)
        )
        differ += not np.array_equal(first.guide, second.guide)
        # What is drawn after the guide is the turn, and only that may differ.
        turns = [first.target, first.target[::-1], first.target[:, ::-1], first.target[::-1, ::-1]]
        assert any(np.array_equal(turn, second.target) for turn in turns)
    assert differ == 8


def test_what_a_run_does_to_its_guides_is_said_in_one_line():
    line = described(GuideGeometry(shifted=0.5, shift_px=10, parallax=0.25), 192)
    assert line is not None
    assert line.startswith("guides moved: 6")  # 1 - 0.5 * 0.75
    assert line.endswith("(50% shift 10 px, 25% parallax 6 px)")
    half = float(line.split("half by ")[1].split(" px")[0])
    assert 3 < half < 9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shifted": 1.5}, "shifted: wanted 0..1, got 1.5"),
        ({"shift_px": 0.0}, "shift_px: wanted above 0, got 0"),
        ({"scale": 0.6}, "scale: wanted above 0 and below 0.5, got 0.6"),
        ({"rotation_deg": float("nan")}, "rotation_deg: wanted above 0 and below 90, got nan"),
    ],
)
def test_amounts_that_are_none(change, message):
    with pytest.raises(ValueError, match=message):
        GuideGeometry(**change)
