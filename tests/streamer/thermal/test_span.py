import numpy as np
import pytest

from streamer.messages import Radiometry
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import LockedSpan, Span, narrowest_counts, robust_span

SCALE = Scale(Radiometry(0.01, 0.0), Unit.CELSIUS)


def test_dead_pixels_do_not_set_the_span():
    pixels = np.linspace(1000, 2000, 120 * 160).reshape(120, 160).astype(np.uint16)
    pixels[3, :20], pixels[5, :20] = 0, 65535
    span = robust_span(pixels, 8)
    assert 990 < span.low < 1020
    assert 1980 < span.high < 2010


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (480, 640)])
@pytest.mark.parametrize("value", [0, 700, 65535])
def test_a_constant_frame_has_the_narrowest_span_about_it(shape, value):
    assert robust_span(np.full(shape, value, np.uint16), 8) == Span(value - 4, value + 4)


def test_a_locked_span_is_the_same_temperature_on_another_camera():
    locked = LockedSpan.of(Span(29315, 30315), SCALE)
    other = Scale(Radiometry(0.04, 100.0), Unit.FAHRENHEIT)
    span = locked.counts(other)
    assert (span.low, span.high) == pytest.approx((4828.75, 5078.75))
    assert locked.counts(Scale(None, Unit.CELSIUS)) is None


def test_an_automatic_span_shows_no_noise():
    assert narrowest_counts(SCALE) == pytest.approx(100)
    assert narrowest_counts(Scale(None, Unit.CELSIUS)) == 8
