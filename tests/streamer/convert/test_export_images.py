"""An exported film looks like the window: pixel for pixel, before it is compressed."""

import numpy as np
import pytest

from gui.panes import Pane
from gui.state.pane_images import Pictures
from gui.state.viewer_state import ViewerState
from streamer.clock import NS_PER_S, HostNs
from streamer.convert.export_images import FilmColours, FilmSpans, enlarged
from streamer.messages import Frame, Mode, PixelFormat, Radiometry
from streamer.thermal.colouring import as_bgr
from streamer.thermal.span import LockedSpan
from tests.gui import feeder as make

NOW = HostNs(NS_PER_S)
OTHER_CAMERA = Radiometry(gain_k=0.04, offset_k=100.0)


def window_pixels(message, state):
    """(H, W, 3) BGR as the window paints it."""
    pictures = Pictures()
    if isinstance(message, Frame):
        pane = Pane.THERMAL
        pictures.accept(pane, message, NOW, NOW)
    else:
        pane = Pane.RESULT
        pictures.accept_result(message, NOW)
    return as_bgr(pictures.colours(pictures.picture(pane, state), message.pixels.shape[1]))


def eight_bits(height=48, width=64):
    return (np.arange(height * width).reshape(height, width) % 251).astype(np.uint8)


MESSAGES = {
    "result": make.result(),
    "result of another camera": make.result(pixels=make.scene() // 4, radiometry=OTHER_CAMERA),
    "result without degrees": make.result(radiometry=None),
    "result of 8 bits": make.result(pixels=eight_bits(), radiometry=None),
    "raw thermal": make.thermal(),
    "raw thermal of 8 bits": make.thermal(pixels=eight_bits(), radiometry=None),
    "no measurement": make.result(pixels=make.scene() * 2, mode=Mode.VISIBLE_ONLY),
}


@pytest.mark.parametrize("palette", ["iron", "black_hot", "viridis"])
@pytest.mark.parametrize("name", MESSAGES)
def test_a_film_has_the_windows_colours_with_its_automatic_span(name, palette):
    message = MESSAGES[name]
    spans = FilmSpans()
    spans.add(message)
    film = FilmColours(spans, palette).of(message)
    np.testing.assert_array_equal(film, window_pixels(message, ViewerState(palette=palette)))


@pytest.mark.parametrize("name", MESSAGES)
def test_a_film_has_the_windows_colours_with_a_typed_span(name):
    message = MESSAGES[name]
    typed = (20.0, 33.0)
    kelvin = LockedSpan(typed[0] + 273.15, typed[1] + 273.15, radiometric=True)
    locked = LockedSpan(*typed, radiometric=False) if message.radiometry is None else kelvin
    film = FilmColours(FilmSpans(typed), "iron").of(message)
    np.testing.assert_array_equal(film, window_pixels(message, ViewerState(locked=locked)))


def test_one_span_holds_every_picture_of_the_film():
    cold, hot = (make.result(pixels=make.kelvin_counts([[low, low + 5]])) for low in (10, 40))
    spans = FilmSpans()
    for message in (cold, hot):
        spans.add(message)
    assert spans.of(cold) == spans.of(hot)
    assert make.RADIOMETRY.celsius(spans.of(hot).low) == pytest.approx(10, abs=0.02)
    assert make.RADIOMETRY.celsius(spans.of(hot).high) == pytest.approx(45, abs=0.02)
    colours = FilmColours(spans, "white_hot")
    assert colours.of(cold)[0, 0].tolist() == [0, 0, 0]
    assert colours.of(hot)[0, 1].tolist() == [255, 255, 255]


def test_a_kind_that_was_not_sampled_still_has_colours():
    spans = FilmSpans()
    spans.add(make.result())
    relative = make.result(pixels=make.scene(), mode=Mode.VISIBLE_ONLY)
    assert len(np.unique(FilmColours(spans, "iron").of(relative))) > 200


@pytest.mark.parametrize(
    "pixels", [np.full((4, 6), 7, np.uint8), np.full((4, 6), 0x7FF, np.uint16)]
)
def test_a_grey_visible_camera_stays_grey(pixels):
    frame = Frame(
        stream="visible",
        sequence=0,
        timestamp_ns=0,
        pixel_format=PixelFormat.MONO8 if pixels.dtype == np.uint8 else PixelFormat.MONO16,
        pixels=pixels,
    )
    assert (FilmColours(FilmSpans(), "iron").of(frame) == 7).all()


def test_small_pictures_are_repeated_and_have_even_sides():
    assert enlarged(np.zeros((3, 5, 3), np.uint8), 12).shape == (10, 16, 3)
