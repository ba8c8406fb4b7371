import numpy as np
import pytest

from models.data.augmentation_config import AugmentationConfig, Composites
from models.data.composites import GRID_PX, composed, cut_blurred
from models.data.dataset import Pair, Picture
from models.data.sample import draw_sample
from tests.support.scenes import scene

SIDE = 96


def flat(level: int, visible: bool = True) -> Picture:
    """A picture of one level in both modalities, given a low resolution."""
    thermal = np.full((128, 160), level, dtype=np.uint8)
    guide = np.repeat(thermal[:, :, None], 3, axis=2) if visible else None
    return Picture(str(level), guide, thermal, np.full((16, 20), level, dtype=np.uint8))


@pytest.mark.parametrize(("way", "levels"), [("pasted", {50, 200}), ("alpha", None)])
def test_a_rectangle_of_another_picture_at_the_same_place_in_both(way, levels):
    for seed in range(10):
        made = composed(
            flat(50), flat(200), SIDE, Composites(**{way: 1.0}), np.random.default_rng(seed)
        )
        assert made.name == "50+200"
        assert made.thermal_lr is None
        assert made.thermal.shape == (SIDE, SIDE)
        assert made.visible is not None
        assert np.abs(made.visible[:, :, 0] - made.thermal).max() <= 0.5
        other = made.thermal != 50
        rows, columns = np.flatnonzero(other.any(axis=1)), np.flatnonzero(other.any(axis=0))
        assert other.sum() == len(rows) * len(columns), "a rectangle"
        assert 0.1 < len(rows) / SIDE < 0.8
        found = set(np.unique(made.thermal).tolist())
        if levels is not None:
            assert found == levels
        else:
            (through,) = found - {50.0}
            assert 50 + 0.3 * 150 <= through <= 50 + 0.8 * 150


def test_mixup_blends_the_whole():
    weights = []
    for seed in range(20):
        made = composed(flat(50), flat(200), SIDE, Composites(mixup=1.0), _rng(seed))
        assert np.ptp(made.thermal) == 0
        weights.append((float(made.thermal[0, 0]) - 50) / 150)
    assert 0 <= min(weights) < 0.3
    assert 0.7 < max(weights) <= 1


def test_each_way_has_its_chance():
    composites = Composites(pasted=0.2, alpha=0.1, mixup=0.3)
    made = [composed(flat(50), flat(200), SIDE, composites, _rng(seed)) for seed in range(800)]
    untouched = np.mean([picture.name == "50" for picture in made])
    whole = np.mean([picture.name != "50" and np.ptp(picture.thermal) == 0 for picture in made])
    assert untouched == pytest.approx(0.4, abs=0.06)
    assert whole == pytest.approx(0.3, abs=0.06)


def test_squares_lie_on_the_sensors_grid():
    y, x = np.mgrid[0:128, 0:160]
    where = Picture("p", np.stack([x, y, x], axis=-1).astype(np.uint8), x.astype(np.uint8), None)
    for seed in range(10):
        made = composed(where, where, SIDE, Composites(pasted=1.0), _rng(seed))
        assert made.visible is not None
        corner = made.visible[0, 0]
        assert corner[0] % GRID_PX == corner[1] % GRID_PX == 0


def test_without_a_guide_none_is_made():
    made = composed(flat(50, False), flat(200, False), SIDE, Composites(pasted=1.0), _rng(0))
    assert made.visible is None
    assert made.name == "50+200"


def test_pictures_too_small_stay_as_they_are():
    picture = flat(50)
    assert composed(picture, flat(200), 144, Composites(mixup=1.0), _rng(0)) is picture


def test_16_bit_pictures_are_blended_in_levels():
    deep = Picture("d", None, scene(0)[1].astype(np.uint16) * 100, None)
    made = composed(deep, deep, SIDE, Composites(mixup=1.0), _rng(0))
    assert 0 <= made.thermal.min() < made.thermal.max() <= 255


def test_cutblur_is_the_truth_in_a_rectangle_or_all_around_it():
    base, truth = np.zeros((64, 80), dtype=np.float32), np.ones((64, 80), dtype=np.float32)
    shares = []
    for seed in range(30):
        mixed = cut_blurred(base, truth, _rng(seed))
        inside = mixed if mixed[0, 0] + mixed[-1, -1] + mixed[0, -1] == 0 else 1 - mixed
        rows, columns = inside.any(axis=1).sum(), inside.any(axis=0).sum()
        assert inside.sum() == rows * columns
        shares.append(mixed.mean())
    assert not base.any()
    assert min(shares) < 0.3
    assert max(shares) > 0.7


def test_cutblur_shows_a_sample_parts_of_its_target():
    visible, thermal = scene(0, 240, 320)
    plain = {"crop_px": 64, "benchmark": 0, "noisy": 0, "no_visible": 0, "no_thermal": 0}
    cut, uncut = (
        AugmentationConfig(**plain, composites=Composites(cutblur=chance)) for chance in (1.0, 0.0)
    )
    alike = [
        np.mean([
            (sample.base == sample.target).mean()
            for seed in range(10)
            for sample in [draw_sample(Pair("p", visible, thermal, None), each, _rng(seed))]
        ])
        for each in (cut, uncut)
    ]  # fmt: skip
    assert alike[0] > alike[1] + 0.2


def test_visible_pictures_stand_for_thermal_ones():
    visible = scene(0, 240, 320)[0]
    thermal = np.full((240, 320), 251, dtype=np.uint8)
    grey = AugmentationConfig(
        crop_px=64, benchmark=0, noisy=0, jitter=0, on_grid=True, visible_as_thermal=1.0
    )
    low = np.full((30, 40), 7, dtype=np.uint8)  # of the thermal picture: not of the grey one
    for seed in range(6):
        sample = draw_sample(Pair("p", visible, thermal, low), grey, _rng(seed))
        assert sample.present == (False, True)
        assert not sample.guided
        assert np.abs(sample.base - sample.target).mean() < 0.12
        assert sample.target.max() < 250 / 255
    alone = draw_sample(Picture("p", None, thermal, None), grey, _rng(0))
    assert alone.target == pytest.approx(251 / 255)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pasted": -0.1}, "pasted: wanted 0..1, got -0.1"),
        ({"cutblur": 2.0}, "cutblur: wanted 0..1, got 2"),
        ({"pasted": 0.5, "alpha": 0.3, "mixup": 0.3}, "alpha and mixup: wanted 1 at most, got 1.1"),
    ],
)
def test_chances_that_are_none(change, message):
    with pytest.raises(ValueError, match=message):
        Composites(**change)


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
