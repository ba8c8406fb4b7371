import numpy as np
import pytest

from gui.panes import Pane
from gui.state.measuring.readings import ToolReader
from gui.state.pane_images import Pictures
from gui.state.picture import Origin
from gui.state.readout import read_off
from gui.state.viewer_state import ViewerState
from streamer.measuring.shapes import Box
from streamer.measuring.tool_set import ToolSet
from streamer.messages import Mode, PixelFormat, Radiometry, Uncertainty
from streamer.thermal.colouring import NO_READING
from streamer.thermal.palettes import table
from streamer.thermal.span import Span
from tests.gui import feeder as make

S = 1_000_000_000


@pytest.fixture
def pictures():
    pictures = Pictures()
    pictures.accept_result(make.result(), S)
    pictures.accept(Pane.THERMAL, make.thermal(), S, S)
    return pictures


def test_nothing_before_the_first_frame():
    assert all(Pictures().picture(pane, ViewerState()) is None for pane in Pane)


def test_raw_thermal_has_palette_and_span_of_the_result(pictures):
    state = ViewerState(palette="viridis")
    result, thermal = (pictures.picture(p, state) for p in (Pane.RESULT, Pane.THERMAL))
    assert thermal.span == result.span
    assert thermal.table is result.table is table("viridis")
    assert (result.origin, thermal.origin) == (Origin.SUPER_RESOLVED, Origin.SENSOR)
    assert (result.smooth, thermal.smooth) == (True, False)


def test_raw_thermal_stands_alone_without_results():
    pictures = Pictures()
    pictures.accept(Pane.THERMAL, make.thermal(pixels=make.kelvin_counts([[10, 30]])), 5 * S, 5 * S)
    assert pictures.picture(Pane.THERMAL, ViewerState()).span.low == pytest.approx(28315)


def test_pixels_without_a_reading_are_grey_and_said():
    counts = np.full((24, 32), 30000, np.uint16)
    counts[:, 16:] = 31000
    counts[5, 7], counts[23] = 65535, 0
    pictures, state = Pictures(), ViewerState()
    pictures.accept(Pane.THERMAL, make.thermal(pixels=counts), 5 * S, 5 * S)
    picture = pictures.picture(Pane.THERMAL, state)
    assert (picture.span.low, picture.span.high) == (30000, 31000)
    grey = pictures.colours(picture, 320) == NO_READING
    assert grey[5, 7]
    assert grey[23].all()
    assert grey.sum() == 33
    line = read_off(picture, state).line
    assert "33 pixels without a reading (grey)" in line
    assert "hottest 36.9" in line
    assert "coldest 26.9" in line


def test_pixels_that_were_found_bad_are_grey_and_hide_nothing():
    counts = np.full((24, 32), 30000, np.uint16)
    counts[:, 16:] = 31000
    counts[5, 7] = 52000
    pictures, state = Pictures(), ViewerState()
    pictures.bad_pixels = ((7, 5),)
    pictures.accept(Pane.THERMAL, make.thermal(pixels=counts), 5 * S, 5 * S)
    picture = pictures.picture(Pane.THERMAL, state)
    assert np.argwhere(pictures.colours(picture, 320) == NO_READING).tolist() == [[5, 7]]
    read = read_off(picture, state)
    assert "1 pixels without a reading (grey, 1 found over time)" in read.line
    assert read.extremes.hottest.counts == 31000
    box = Box(name="b", points=((0.1, 0.1), (0.4, 0.4)))
    tools = ToolSet(tools=(box,))
    (inside,) = ToolReader().read((box,), tools, None, picture)
    assert inside.sensor.maximum == pytest.approx(300.0)
    pictures.bad_pixels = ()
    picture = pictures.picture(Pane.THERMAL, state)
    (inside,) = ToolReader().read((box,), tools, None, picture)
    assert inside.sensor.maximum == pytest.approx(520.0)


def test_a_locked_span_holds_and_data_is_not_touched(pictures):
    state = ViewerState()
    picture = pictures.picture(Pane.RESULT, state)
    state.lock(picture.span, picture.scale)
    hotter = make.scene() + 900
    kept = hotter.copy()
    for second in range(2, 5):
        pictures.accept_result(make.result(second, hotter), second * S)
    after = pictures.picture(Pane.RESULT, state)
    assert after.span.low == pytest.approx(picture.span.low)
    assert pictures.colours(after, 100)[240, 320] == after.table[-1]
    assert np.array_equal(hotter, kept)


def test_visible_only_is_no_measurement(pictures):
    pixels = np.linspace(0, 65535, 480 * 640).reshape(480, 640).astype(np.uint16)
    pictures.accept_result(make.result(1, pixels, Mode.VISIBLE_ONLY), 2 * S)
    state = ViewerState(cursor=(0.5, 0.5))
    state.lock(*(lambda p: (p.span, p.scale))(pictures.picture(Pane.THERMAL, state)))
    picture = pictures.picture(Pane.RESULT, state)
    assert picture.scale is None
    assert picture.counts is None
    assert pictures.colours(picture, 100)[0, 0] == 0xFF000000  # grey, over its own range
    assert pictures.colours(picture, 100)[-1, -1] == 0xFFFFFFFF
    readout = read_off(picture, state)
    assert "°" not in readout.line
    assert (readout.cursor, readout.extremes) == (None, None)


def test_readings_say_where_they_come_from(pictures):
    state = ViewerState(cursor=(0.5, 0.5))
    line = read_off(pictures.picture(Pane.RESULT, state), state).line
    assert line.startswith("36.0 °C  (super-resolved pixel 320, 240)")
    readout = read_off(pictures.picture(Pane.THERMAL, state), state)
    assert readout.line.startswith("36.0 °C  (sensor pixel 80, 60)")
    state.markers = False
    assert read_off(pictures.picture(Pane.THERMAL, state), state).extremes is None


def test_eight_bits_without_radiometry():
    pictures, pixels = Pictures(), np.full((60, 80), 77, np.uint8)
    pictures.accept_result(make.result(0, pixels, radiometry=None), S)
    state = ViewerState(cursor=(0.2, 0.2))
    picture = pictures.picture(Pane.RESULT, state)
    assert pictures.colours(picture, 100).shape == (60, 80)
    assert read_off(picture, state).line.startswith("rel. 77")


def test_influence_is_dark_where_the_guide_did_nothing():
    pictures, differences = Pictures(), np.zeros((48, 64), np.int32)
    differences[:, 32:] = 30
    pictures.accept(Pane.INFLUENCE, make.influence(0, differences), S, S)
    state = ViewerState(cursor=(0.9, 0.5))
    picture = pictures.picture(Pane.INFLUENCE, state)
    assert pictures.colours(picture, 100)[0, 0] in picture.table[126:130]
    assert pictures.colours(picture, 100)[0, 63] == picture.table[-1]
    assert read_off(picture, state).line == "The guide made this pixel 0.30 K warmer"


def test_visible_carries_no_temperatures(pictures):
    pictures.accept(Pane.VISIBLE, make.visible(), S, S)
    state = ViewerState(cursor=(0.5, 0.5))
    picture = pictures.picture(Pane.VISIBLE, state)
    assert pictures.colours(picture, 260).shape == (240, 320)
    assert "no temperatures" in read_off(picture, state).line


def test_a_colour_picture_on_the_thermal_endpoint_is_not_read():
    pictures = Pictures()
    pictures.accept(Pane.THERMAL, make.visible(), S, S)
    assert pictures.picture(Pane.THERMAL, ViewerState()) is None


@pytest.mark.parametrize("gain_k", [0.0, float("nan"), float("inf")])
def test_a_radiometry_that_makes_no_sense_gives_no_degrees(gain_k):
    pictures, radiometry = Pictures(), Radiometry(gain_k, 0.0)
    pictures.accept_result(make.result(0, radiometry=radiometry), S)
    pictures.accept(Pane.THERMAL, make.thermal(radiometry=radiometry), S, S)
    for pane in (Pane.RESULT, Pane.THERMAL):
        picture = pictures.picture(pane, ViewerState(cursor=(0.5, 0.5)))
        assert pictures.colours(picture, 100).size
        assert read_off(picture, ViewerState(cursor=(0.5, 0.5))).line.startswith("rel. 30915")


def test_a_colour_picture_as_a_result_changes_nothing(pictures):
    before = pictures.result
    colour = make.result(1, np.zeros((4, 4, 3), np.uint8), kind=PixelFormat.BGR8)
    pictures.accept_result(colour, 2 * S)
    assert pictures.result is before


@pytest.mark.parametrize("shape", [(1, 1), (1, 640), (7, 3), (1024, 1280)])
@pytest.mark.parametrize("value", [0, 65535])
def test_any_size_of_constant_frame_is_painted(shape, value):
    pictures = Pictures()
    pictures.accept_result(make.result(0, np.full(shape, value, np.uint16)), S)
    picture = pictures.picture(Pane.RESULT, ViewerState())
    assert pictures.colours(picture, 100).shape == shape
    assert len(np.unique(pictures.colours(picture, 100))) == 1


def test_readings_of_a_result_say_how_far_they_may_be_off():
    pictures, state = Pictures(), ViewerState(cursor=(0.5, 0.5))
    sigma = np.full((60, 80), 30.0, np.float32)
    sigma[30, 40] = 80.0
    pictures.accept_result(make.result(uncertainty=Uncertainty.of(sigma)), S)
    pictures.accept(Pane.THERMAL, make.thermal(), S, S)
    picture = pictures.picture(Pane.RESULT, state)
    readout = read_off(picture, state)
    assert readout.line.startswith("36.0 ± 0.8 °C  (super-resolved pixel 320, 240)")
    assert "hottest 36.0 ± 0.3 °C, coldest 18.0 ± 0.3 °C" in readout.line
    assert picture.label(readout.extremes.coldest).endswith("± 0.3 °C SR")
    # A sensor pixel is the measurement; what is no measurement cannot be off.
    assert "±" not in read_off(pictures.picture(Pane.THERMAL, state), state).line
    relative = make.result(1, mode=Mode.VISIBLE_ONLY, uncertainty=Uncertainty.of(sigma))
    pictures.accept_result(relative, 2 * S)
    assert pictures.picture(Pane.RESULT, state).uncertainty is None


def test_fog_lies_where_errors_are_large_for_the_span():
    pictures, state = Pictures(), ViewerState()
    picture = pictures_with(pictures, np.array([[0.1, 1e4]], np.float32), state)
    assert pictures.fog(picture, state) is None, "not asked for"
    state.fog_shown = True
    thin, thick = (int(each) >> 24 for each in pictures.fog(picture, state)[0])
    assert thick == int(255 * 0.9)
    assert thin <= 1
    colour = int(pictures.fog(picture, state)[0, 1])
    assert [colour >> shift & 255 for shift in (16, 8, 0)] == [135, 144, 153]  # 0.9 of the grey
    # The same errors are less beside a wider span.
    state.lock(Span(picture.span.low - 1e6, picture.span.high + 1e6), picture.scale)
    wide = pictures.picture(Pane.RESULT, state)
    assert int(pictures.fog(wide, state)[0, 1]) >> 24 < 60


def test_there_is_no_fog_without_foretold_errors(pictures):
    state = ViewerState(fog_shown=True)
    for pane in (Pane.RESULT, Pane.THERMAL):
        assert pictures.fog(pictures.picture(pane, state), state) is None


def pictures_with(pictures, sigma, state):
    pictures.accept_result(make.result(uncertainty=Uncertainty.of(sigma)), S)
    return pictures.picture(Pane.RESULT, state)


def test_the_sensor_is_read_at_the_moment_of_the_result():
    pictures, state = Pictures(), ViewerState()
    for sequence in range(20):
        frame = make.thermal(sequence, np.full((24, 32), 30000 + sequence, np.uint16))
        pictures.accept(Pane.THERMAL, frame, S, S)
    for made_from, read in ((7, 30007), (19, 30019), (2, 30019), (25, 30019)):  # 2 is gone by
        pictures.accept_result(make.result(made_from), 2 * S)
        assert pictures.measured(state).pixels[0, 0] == read
    assert pictures.picture(Pane.THERMAL, state).pixels[0, 0] == 30019
