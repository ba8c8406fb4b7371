import numpy as np
import pytest

from streamer.thermal.colouring import ISOTHERM, OVER, UNDER, Colouriser, as_bgr
from streamer.thermal.isotherm import Isotherm
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
    marked = colouriser.colour(counts, Span(0, 40), GREY, Isotherm(low=19.5))
    assert (marked[0] == ISOTHERM).tolist() == [False, False, True, True]
    assert ISOTHERM not in colouriser.colour(counts, Span(0, 40), GREY)


@pytest.mark.parametrize(
    ("isotherm", "marked"),
    [
        (Isotherm(), []),
        (Isotherm(high=19.5), [10, 19]),
        (Isotherm(low=19, high=20), [19, 20]),
        (Isotherm(low=20.5, high=10), [10, 21]),
        (Isotherm(low=20.0005), [20, 21]),
    ],
)
def test_isotherms_mark_what_is_above_below_or_between(isotherm, marked):
    counts = np.array([[10, 19, 20, 21]], np.uint16)
    colours = Colouriser().colour(counts, Span(0, 40), GREY, isotherm)
    assert counts[colours == ISOTHERM].tolist() == marked
    assert counts[isotherm.marks(counts)].tolist() == marked


def test_what_is_beyond_the_span_has_colours_of_its_own_where_asked_for():
    counts, colouriser = np.array([[9, 10, 20, 21]], np.uint16), Colouriser()
    plain = colouriser.colour(counts, Span(10, 20), GREY)[0].tolist()
    assert plain == [GREY[0], GREY[0], GREY[-1], GREY[-1]]
    marked = colouriser.colour(counts, Span(10, 20), GREY, beyond=True)[0].tolist()
    assert marked == [UNDER, GREY[0], GREY[-1], OVER]


def test_another_table_is_another_picture_even_where_it_lies_at_the_same_address():
    counts, colouriser = np.array([[0, 1]], np.uint16), Colouriser()
    for value in range(50):
        table_now = np.full(16, value, np.uint32)
        assert colouriser.colour(counts, Span(0, 1), table_now)[0, 0] == value
        del table_now


def test_as_bytes_in_the_order_of_opencv():
    packed = np.array([[0xFF010203, 0xFFAABBCC]], np.uint32)
    assert as_bgr(packed).tolist() == [[[3, 2, 1], [0xCC, 0xBB, 0xAA]]]
    assert as_bgr(packed).flags.c_contiguous
