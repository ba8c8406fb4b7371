import numpy as np
import pytest

from streamer.thermal.colouring import ISOTHERM, Colouriser, as_bgr
from streamer.thermal.palettes import table
from streamer.thermal.span import Span

GREY = table("white_hot")


def grey_level(colours):
    return colours & 255


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_known_count_has_the_known_colour(dtype):
    counts = np.array([[10, 20, 30, 40, 50]], dtype)
    colours = Colouriser().colour(counts, Span(20, 40), GREY)
    assert list(grey_level(colours)[0]) == [0, 0, 128, 255, 255]
    assert colours.dtype == np.uint32


def test_every_count_of_a_wide_span_is_within_half_a_colour():
    counts = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    colours = Colouriser().colour(counts, Span(1000.5, 60000.25), GREY)
    exact = np.clip((counts - 1000.5) / (60000.25 - 1000.5) * 255, 0, 255)
    assert np.abs(grey_level(colours).astype(float) - exact).max() <= 0.5 + 1e-9


def test_a_span_narrower_than_a_count():
    counts = np.array([[99, 100, 101]], np.uint16)
    colours = Colouriser().colour(counts, Span(99.9, 100.1), GREY)
    assert list(grey_level(colours)[0]) == [0, 128, 255]


@pytest.mark.parametrize("span", [Span(70, 70), Span(-20, -10), Span(70000, 80000), Span(90, 10)])
def test_spans_without_sense_still_paint(span):
    counts = np.array([[0, 70, 255]], np.uint8)
    assert Colouriser().colour(counts, span, GREY).shape == (1, 3)


def test_counts_are_left_alone_and_a_new_size_or_palette_is_followed():
    counts = np.arange(12, dtype=np.uint16).reshape(3, 4)
    counts.flags.writeable = False
    colouriser = Colouriser()
    first = colouriser.colour(counts, Span(0, 11), GREY)
    assert colouriser.colour(counts, Span(0, 11), table("black_hot")) is first
    assert first[0, 0] == 0xFFFFFFFF
    assert colouriser.colour(counts[:2], Span(0, 11), GREY).shape == (2, 4)


def test_the_isotherm_marks_from_its_count_on():
    counts, colouriser = np.array([[10, 19, 20, 21]], np.uint16), Colouriser()
    marked = colouriser.colour(counts, Span(0, 40), GREY, 19.5)
    assert (marked[0] == ISOTHERM).tolist() == [False, False, True, True]
    assert ISOTHERM not in colouriser.colour(counts, Span(0, 40), GREY)


def test_as_bytes_in_the_order_of_opencv():
    packed = np.array([[0xFF010203, 0xFFAABBCC]], np.uint32)
    assert as_bgr(packed).tolist() == [[[3, 2, 1], [0xCC, 0xBB, 0xAA]]]
    assert as_bgr(packed).flags.c_contiguous
