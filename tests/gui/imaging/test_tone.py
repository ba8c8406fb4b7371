import numpy as np
import pytest

from gui.imaging.local_contrast import LocalContrast
from gui.imaging.tone import Equaliser, histogram
from streamer.thermal.palettes import table
from streamer.thermal.span import Span

SPAN = Span(1000, 2000)
RAMP = np.arange(0xFF000000, 0xFF000100, dtype=np.uint32)  # a colour is its number


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def scene(rng, background=1100):
    """A wide even background, and few pixels over the rest of the span."""
    pixels = rng.normal(background, 5, (120, 160))
    pixels[:20, :20] = np.linspace(1300, 1500, 400).reshape(20, 20)
    return pixels.round().astype(np.uint16)


def test_what_occurs_often_has_more_colours(rng):
    made = Equaliser().table(scene(rng), SPAN, RAMP) - RAMP[0]
    steps = np.diff(made.astype(int))
    assert (steps >= 0).all()  # never backwards: hotter is never a colder colour
    at = lambda count: int(made[int((count - 1000) / 1000 * (len(made) - 1))])  # noqa: E731
    assert at(1120) - at(1080) > 5 * (at(1720) - at(1680))
    assert at(1500) - at(1300) > 1.5 * (at(1900) - at(1700))
    assert at(1950) < 256


def test_an_even_histogram_stays_linear(rng):
    pixels = rng.integers(1000, 2000, (200, 200)).astype(np.uint16)
    made = (Equaliser().table(pixels, SPAN, RAMP) - RAMP[0]).astype(int)
    assert np.abs(made - np.linspace(0, 255, len(made))).max() < 12


def test_colours_follow_calmly_and_a_picture_seen_again_changes_nothing(rng):
    equaliser, first = Equaliser(), scene(rng)
    before = equaliser.table(first, SPAN, RAMP)
    assert equaliser.table(first, SPAN, RAMP) is before
    other = scene(rng, background=1800)
    once = equaliser.table(other, SPAN, RAMP).astype(int)
    moved = np.abs(once - before.astype(int)).max()
    for _ in range(60):
        other = other.copy()
        last = equaliser.table(other, SPAN, RAMP).astype(int)
    assert 0 < moved < 0.4 * np.abs(last - before.astype(int)).max()


@pytest.mark.parametrize("span", [Span(1000, 1000), Span(5000, 6000), Span(-500, 0)])
def test_spans_that_hold_nothing(rng, span):
    made = Equaliser().table(scene(rng), span, table("iron"))
    assert len(made) > 255
    levels = LocalContrast().levels(scene(rng), span)
    assert levels.dtype == np.uint8


def test_a_histogram_counts_what_lies_inside():
    pixels = np.array([[999, 1000, 1499, 1500, 1999, 2000]], np.uint16)
    assert histogram(pixels, SPAN, 2).tolist() == [0.5, 0.5]


def test_local_contrast_shows_what_is_small_in_a_wide_span(rng):
    pixels = rng.normal(1100, 8, (480, 640))
    pixels[:, 320:] += 700
    levels = LocalContrast().levels(pixels.round().astype(np.uint16), SPAN).astype(int)
    linear = 255 * 8 / 1000  # how far eight counts are apart
    assert levels[:, :200].std() > 3 * linear
    assert levels[:, 440:].std() > 3 * linear
