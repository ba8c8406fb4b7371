import numpy as np
import pytest

from streamer.thermal.palettes import PALETTES, diverging, table


def lightness(packed):
    from skimage.color import rgb2lab  # brings scipy: 0.2 s

    rgb = np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=1) / 255
    return rgb2lab(rgb[None])[0, :, 0]


@pytest.mark.parametrize("name", PALETTES)
def test_has_256_opaque_colours(name):
    colours = table(name)
    assert colours.shape == (256,)
    assert (colours >> 24 == 255).all()
    assert len(np.unique(colours)) > 200


@pytest.mark.parametrize("name", [name for name, one in PALETTES.items() if one.perceptual])
def test_lightness_of_perceptual_palettes_is_monotone(name):
    steps = np.diff(lightness(table(name)))
    rising = steps if steps.sum() > 0 else -steps
    assert rising.min() > -0.5  # 8-bit colours round
    assert rising.sum() > 40


def test_iron_grows_lighter_too():
    assert np.diff(lightness(table("iron"))).min() > -0.5


def test_ends():
    assert table("white_hot")[0] == 0xFF000000
    assert table("white_hot")[-1] == 0xFFFFFFFF
    assert table("black_hot")[0] == 0xFFFFFFFF


def test_unknown_name_gives_the_default():
    assert table("no such palette") is not None
    assert np.array_equal(table("no such palette"), table("iron"))


def test_differences_are_dark_at_zero_and_lighter_both_ways():
    light = lightness(diverging())
    assert light[126:130].max() < 12
    assert light[0] > 50
    assert light[-1] > 50


def test_tables_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        table("iron")[0] = 0
