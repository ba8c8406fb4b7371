"""Isotherms, palettes, contrast and the colour bar in the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from streamer.thermal.colouring import ISOTHERM, OVER, UNDER
from streamer.thermal.palettes import PALETTES, table
from streamer.thermal.span import LockedSpan
from tests.gui import feeder as make
from tests.gui.widgets.test_framing import scroll

RAMP = np.linspace(29000, 31000, 480 * 640).reshape(480, 640).astype(np.uint16)  # 16.9 to 36.9 C


pytestmark = pytest.mark.usefixtures("own_palettes")


@pytest.fixture
def ramp(viewer):
    viewer.feed(make.session(), make.result(0, RAMP))
    return viewer


def colours(viewer):
    return np.array(viewer.large._colours)


def act(viewer, name):
    viewer.window.qactions[name].trigger()


def bar(viewer):
    return viewer.window.span_panel._bar


def drag(qtbot, widget, y, by):
    x = widget.width() // 2
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    qtbot.mouseMove(widget, QPoint(x, y + by))
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=QPoint(x, y + by))


def test_isotherms_above_below_and_between(ramp):
    ramp.large.hovered.emit((0.5, 0.25))
    act(ramp, "isotherm")
    assert "green from 21.9" in ramp.window.control_bar.readout
    ramp.large.hovered.emit((0.5, 0.75))
    act(ramp, "isotherm_below")
    assert "green from 21.9 °C to 31.9 °C" in ramp.window.control_bar.readout
    marked = colours(ramp) == ISOTHERM
    assert marked[240].all()
    assert not marked[:110].any()
    assert not marked[370:].any()
    act(ramp, "isotherm")
    assert "green up to 31.9" in ramp.window.control_bar.readout
    assert (colours(ramp) == ISOTHERM)[0].all()
    act(ramp, "isotherm_below")
    assert ISOTHERM not in colours(ramp)


def test_a_palette_is_inverted_and_stays_so_with_the_next(ramp):
    before = colours(ramp)
    act(ramp, "invert_palette")
    assert ramp.state.palette == "iron_r"
    assert np.array_equal(colours(ramp)[0], before[-1][::-1])
    assert ramp.window.control_bar._palette.currentText() == "Iron, inverted"
    act(ramp, "next_palette")
    assert ramp.state.palette == "rainbow_r"
    act(ramp, "invert_palette")
    assert ramp.state.palette == "rainbow"


def test_every_palette_shows_its_colours_where_it_is_chosen(ramp):
    box = ramp.window.control_bar._palette
    assert box.count() == len(PALETTES)
    for index in range(box.count()):
        swatch = box.itemIcon(index).pixmap(40, 12).toImage()
        packed = table(box.itemData(index))
        for x, colour in ((0, packed[0]), (swatch.width() - 1, packed[-1])):
            shown = swatch.pixelColor(x, 5)
            ends = [int(colour) >> 16 & 255, int(colour) >> 8 & 255, int(colour) & 255]
            assert [shown.red(), shown.green(), shown.blue()] == pytest.approx(ends, abs=24)


def test_colours_of_a_file_are_kept_and_what_is_none_is_refused(ramp, tmp_path):
    (tmp_path / "mine.csv").write_text("0,0,0\n0,255,255\n")
    ramp.actions.take_palette(tmp_path / "mine.csv")
    assert ramp.window.control_bar._palette.currentText() == "mine"
    assert colours(ramp)[-1, -1] == 0xFF00FFFF
    assert ramp.state.own_palettes == (str(tmp_path / "mine.csv"),)
    (tmp_path / "none.csv").write_text("hello")
    ramp.actions.take_palette(tmp_path / "none.csv")
    ramp.presenter.refresh()
    assert "2 to 4096 colours wanted" in ramp.window.control_bar.readout
    assert ramp.window.control_bar._palette.currentText() == "mine"


def test_what_is_not_linear_says_so(ramp):
    ramp.state.locked = LockedSpan(290.0, 310.0, True)
    ramp.presenter.refresh()
    linear = colours(ramp)
    ramp.state.locked = None
    act(ramp, "next_tone")
    assert "colours not proportional to temperature" in ramp.large.annotations.caption
    assert not np.array_equal(bar(ramp)._table, table("iron"))  # the bar shows the mapping
    counts = np.where(np.arange(480)[:, None] < 400, 29000 + RAMP % 50, RAMP).astype(np.uint16)
    ramp.feed(make.result(1, counts))
    act(ramp, "next_tone")
    assert "one colour is not one temperature" in ramp.large.annotations.caption
    assert len(np.unique(colours(ramp)[:400])) > 20
    ramp.feed(make.result(2, RAMP))
    act(ramp, "next_tone")
    assert "colour" not in ramp.large.annotations.caption
    ramp.state.locked = LockedSpan(290.0, 310.0, True)  # the automatic one is still on its way
    ramp.presenter.refresh()
    assert np.array_equal(colours(ramp), linear)


def test_over_and_under_the_span(ramp):
    ramp.state.locked = LockedSpan(295.0, 305.0, True)
    act(ramp, "beyond")
    assert (colours(ramp)[0] == UNDER).all()
    assert (colours(ramp)[-1] == OVER).all()
    act(ramp, "beyond")
    assert OVER not in colours(ramp)


def test_the_ends_and_the_middle_of_the_bar_are_dragged(ramp, qtbot):
    widget = bar(ramp)
    span = widget._span
    strip = widget._strip_area()
    drag(qtbot, widget, strip.top() + 2, 50)
    ramp.presenter.refresh()
    per_pixel = span.width / (strip.height() - 1)
    assert widget._span.high == pytest.approx(span.high - 50 * per_pixel, abs=1)
    assert widget._span.low == pytest.approx(span.low, abs=1)
    assert ramp.state.locked is not None
    now = widget._span
    drag(qtbot, widget, strip.center().y(), -20)
    ramp.presenter.refresh()
    assert widget._span.low > now.low
    assert widget._span.width == pytest.approx(now.width, abs=1)
    now = widget._span
    drag(qtbot, widget, strip.bottom() - 2, -10_000)  # never past the other end
    ramp.presenter.refresh()
    assert now.low < widget._span.low < widget._span.high
    qtbot.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=strip.center())
    ramp.presenter.refresh()
    assert ramp.state.locked is None
    assert widget._span == span


def test_the_wheel_narrows_about_the_value_under_it(ramp):
    widget = bar(ramp)
    span, strip = widget._span, widget._strip_area()
    scroll(widget, QPoint(widget.width() // 2, strip.top()), 3)
    ramp.presenter.refresh()
    assert widget._span.high == pytest.approx(span.high, abs=1)
    assert widget._span.width == pytest.approx(span.width * 0.9**3, rel=0.01)


def test_the_bar_says_how_many_pixels_have_a_value(ramp):
    assert bar(ramp)._histogram == pytest.approx(np.full(64, 1 / 64), abs=0.004)


def test_the_span_of_the_selected_tool(ramp, qtbot):
    act(ramp, "span_of_tool")
    assert ramp.state.locked is None  # there is none
    view = ramp.large
    area = view.picture_area()
    for kind, v in ((qtbot.mousePress, 0.25), (qtbot.mouseRelease, 0.5)):
        at = QPoint(area.x() + round((0.2 + v) * area.width()), area.y() + round(v * area.height()))
        if kind is qtbot.mouseRelease:
            qtbot.mouseMove(view, at)
        kind(view, Qt.MouseButton.LeftButton, pos=at)
    ramp.presenter.refresh()
    act(ramp, "span_of_tool")
    reading = ramp.presenter.measuring.values[0].result
    assert ramp.state.locked == LockedSpan(
        pytest.approx(reading.minimum), pytest.approx(reading.maximum), True
    )
