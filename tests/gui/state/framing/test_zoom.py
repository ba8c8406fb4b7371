import pytest

from gui.state.framing.zoom import Extent, Zoom

FITTING, VIEW = Extent(640, 480), Extent(800, 480)


def test_what_fits_stands_in_the_middle():
    assert Zoom().box(FITTING, VIEW) == (80, 0, 640, 480)


def test_the_point_under_the_pointer_stays_there():
    zoom, at = Zoom(), (300.0, 100.0)
    for notches in (4, 3, -2, 1.5):
        before = zoom.box(FITTING, VIEW)
        zoom = zoom.closer(notches, at, FITTING, VIEW)
        after = zoom.box(FITTING, VIEW)
        for axis in (0, 1):
            share = (at[axis] - before[axis]) / before[axis + 2]
            assert after[axis] + share * after[axis + 2] == pytest.approx(at[axis])


def test_backwards_it_ends_with_the_whole_picture():
    zoom = Zoom().closer(10, (0, 0), FITTING, VIEW)
    assert not zoom.fits
    assert zoom.closer(-50, (700, 400), FITTING, VIEW) == Zoom()


def test_the_rim_stays_out_of_the_view():
    zoom = Zoom().closer(6, (400, 240), FITTING, VIEW)
    for by in ((1e5, 0), (-1e5, 0), (0, 1e5), (0, -1e5)):
        x, y, width, height = zoom.moved(by, FITTING, VIEW).box(FITTING, VIEW)
        assert x <= 0
        assert y <= 0
        assert x + width >= VIEW.width
        assert y + height >= VIEW.height
    there = zoom.moved((1e5, 0), FITTING, VIEW)
    back = there.moved((-10, 0), FITTING, VIEW)  # at once, not after what was too much
    assert back.box(FITTING, VIEW).x == pytest.approx(-10)


def test_pixel_for_pixel_may_be_smaller_than_what_fits():
    zoom = Zoom.of_pixels(1.0, FITTING, 320, Zoom())
    assert zoom.box(FITTING, VIEW) == (240, 120, 320, 240)
    assert zoom.closer(1, (400, 240), FITTING, VIEW).factor > zoom.factor
