"""The large picture put together with another: what is painted, dragged, read and said."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gui.imaging.edges import edges_of
from gui.panes import Pane
from gui.state.looks.look import Look
from streamer.messages import Mode, PastShares, PastUse, StreamState, Uncertainty
from streamer.thermal.palettes import diverging, table
from tests.gui import feeder as make

CONTROL = Qt.KeyboardModifier.ControlModifier
GREY = np.full((480, 640, 3), 128, np.uint8)


def pixel(view, u, v):
    area = view.picture_area()
    image = view.grab().toImage()
    return image.pixelColor(area.x() + int(u * area.width()), area.y() + int(v * area.height()))


def at(view, u, v=0.6):
    area = view.picture_area()
    return QPoint(area.x() + round(u * area.width()), area.y() + round(v * area.height()))


@pytest.fixture
def pair(viewer):
    """A cold result beside a hot raw picture, on one span, and a grey visible one."""
    viewer.state.markers = False
    viewer.feeder.send(make.visible(0, GREY), make.thermal(0, np.full((60, 80), 31000, np.uint16)))
    counts = np.full((480, 640), 29000, np.uint16)
    counts[0, 0] = counts[-1, -1] = 31000
    viewer.feed(make.session(), make.result(0, counts))
    frames = viewer.presenter.pictures.frames
    viewer.until(lambda: len(frames) == 2)
    viewer.presenter.refresh()
    return viewer


def test_raw_and_super_resolved_beside_a_line_that_is_dragged(pair):
    view = pair.large
    cold = pixel(view, 0.25, 0.6)
    QTest.keyClick(pair.window, Qt.Key.Key_Slash)
    assert pair.window.qactions["split"].isChecked()
    hot = pixel(view, 0.25, 0.6)
    assert hot != cold
    assert pixel(view, 0.75, 0.6) == cold
    assert view.annotations.caption == "Raw thermal | Super-resolved"
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at(view, 0.5))
    QTest.mouseMove(view, at(view, 0.8))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(view, 0.8))
    assert pair.state.split == pytest.approx(0.8, abs=0.01)
    assert pixel(view, 0.75, 0.6) == hot
    assert pair.state.measuring.tools.tools == ()  # neither spot nor box was drawn
    QTest.keyClick(pair.window, Qt.Key.Key_Slash)
    assert pixel(view, 0.25, 0.6) == cold


def test_a_value_is_read_from_what_is_seen_there(pair):
    QTest.keyClick(pair.window, Qt.Key.Key_Slash)
    readout = pair.window.control_bar._readout
    for u, origin in ((0.2, "sensor pixel"), (0.8, "super-resolved pixel")):
        QTest.mouseMove(pair.large, at(pair.large, u))
        pair.presenter.refresh()
        assert origin in readout.text()
    QTest.keyClick(pair.window, Qt.Key.Key_P, CONTROL)
    QTest.mouseMove(pair.large, at(pair.large, 0.1))
    pair.presenter.refresh()
    assert readout.text() == "The visible picture carries no temperatures"


def test_the_visible_around_the_thermal(pair):
    QTest.keyClick(pair.window, Qt.Key.Key_P, CONTROL)
    assert pixel(pair.large, 0.1, 0.6).getRgb()[:3] == (128, 128, 128)
    assert pixel(pair.large, 0.5, 0.6).getRgb()[:3] != (128, 128, 128)


def test_a_blend_says_that_colours_are_mixed_and_how_much(pair):
    cold = pixel(pair.large, 0.5, 0.6)
    QTest.keyClick(pair.window, Qt.Key.Key_B, CONTROL)
    half = pixel(pair.large, 0.5, 0.6)
    assert half.red() == pytest.approx((cold.red() + 128) / 2, abs=2)
    assert pair.large.annotations.caption == "Super-resolved, visible 50%: colours are mixed"
    QTest.keyClick(pair.window, Qt.Key.Key_Up, CONTROL)
    assert pair.large.annotations.caption == "Super-resolved, visible 60%: colours are mixed"


def test_what_is_no_measurement_is_put_together_with_nothing(pair):
    for key in (Qt.Key.Key_E, Qt.Key.Key_B, Qt.Key.Key_P):
        QTest.keyClick(pair.window, key, CONTROL)
    assert pair.state.look is Look.INSET
    pair.feed(make.result(1, mode=Mode.VISIBLE_ONLY))
    assert pair.large._layer is None
    assert pair.large.annotations.caption == "Guessed from the visible picture"


def test_edges_of_a_scene_that_has_gone_by_are_left_out(pair):
    """They would be taken for edges of what is warm now."""
    QTest.keyClick(pair.window, Qt.Key.Key_E, CONTROL)
    assert pair.large._layer is not None
    lost = make.worker_status(Mode.THERMAL_ONLY, visible=StreamState.LOST)
    pair.feed(make.session(statuses=[lost]), make.result(1, mode=Mode.THERMAL_ONLY))
    pair.feed(make.result(2, mode=Mode.THERMAL_ONLY))
    assert pair.large._layer is None
    assert pair.large.annotations.caption == "Super-resolved alone: no fresh visible picture"


def test_without_a_visible_picture_the_thermal_one_is_shown_alone(viewer):
    viewer.feed(make.session(), make.result(0))
    QTest.keyClick(viewer.window, Qt.Key.Key_E, CONTROL)
    assert viewer.large._layer is None


def test_a_map_of_what_may_be_off_has_its_own_bar(viewer):
    sigma = np.full((6, 8), 2.0, np.float32)
    sigma[:, 4:] = 40.0
    viewer.state.markers = False
    viewer.feed(make.session(), make.result(0, uncertainty=Uncertainty.of(sigma)))
    QTest.keyClick(viewer.window, Qt.Key.Key_U, CONTROL)
    ends = table("viridis")
    assert pixel(viewer.large, 0.75, 0.5) == QColor.fromRgb(int(ends[-1]) & 0xFFFFFF)
    assert pixel(viewer.large, 0.25, 0.5) == QColor.fromRgb(int(ends[13]) & 0xFFFFFF)
    legend = viewer.large._layer.legend
    assert (legend.low, legend.high) == ("±0", "±0.40 K")
    assert viewer.window.span_panel._bar._span is None  # nobody reads the map by the palette
    viewer.feed(make.result(1))
    assert viewer.large._layer is None
    assert viewer.large.annotations.caption == "Super-resolved, no errors foretold"


def test_a_map_of_what_is_left_against_the_sensor(viewer):
    raw = np.full((60, 80), 30000, np.uint16)
    counts = np.full((480, 640), 30000, np.uint16)
    counts[:, 320:] += 20  # the right half reads 0.2 K too much
    viewer.state.markers = False
    viewer.feeder.send(make.thermal(0, raw))
    viewer.feed(make.session(), make.result(0, counts))
    viewer.until(lambda: Pane.THERMAL in viewer.presenter.pictures.frames)
    QTest.keyClick(viewer.window, Qt.Key.Key_D, CONTROL)
    legend = viewer.large._layer.legend
    assert (legend.low, legend.high) == ("-0.20 K", "+0.20 K")
    ends = diverging()
    assert pixel(viewer.large, 0.75, 0.5) == QColor.fromRgb(int(ends[-1]) & 0xFFFFFF)
    assert pixel(viewer.large, 0.25, 0.5) != pixel(viewer.large, 0.75, 0.5)


def test_a_map_of_earlier_frames_is_asked_for_while_it_is_seen(viewer):
    viewer.state.markers = False
    past = PastUse(8, 0.7, 1.0)
    viewer.feed(make.session(), make.result(0, past=past))
    assert "past_shares" not in {one.name for one in viewer.feeder.commands}
    QTest.keyClick(viewer.window, Qt.Key.Key_H, CONTROL)
    assert viewer.window.qactions["past"].isChecked()
    waits = "Super-resolved, the map comes with the next picture"
    assert viewer.large.annotations.caption == waits
    viewer.until(lambda: "past_shares" in {one.name for one in viewer.feeder.commands})
    shares = np.zeros((6, 8), np.float32)
    shares[:, 4:] = 1
    viewer.feed(make.result(1, past=PastUse(8, 0.7, 1.0, None, "", PastShares.of(shares))))
    ends = table("cividis")
    assert pixel(viewer.large, 0.75, 0.5) == QColor.fromRgb(int(ends[-1]) & 0xFFFFFF)
    assert pixel(viewer.large, 0.25, 0.5) == QColor.fromRgb(int(ends[0]) & 0xFFFFFF)
    legend = viewer.large._layer.legend
    assert (legend.low, legend.high) == ("0%", "100%")
    assert viewer.large.annotations.caption == "How much of it earlier frames measured"
    for of_one in (None, PastUse(1, 0.0, 1.0, None, "scene")):
        viewer.feed(make.result(2, past=of_one))
        assert viewer.large._layer is None
        assert viewer.large.annotations.caption == "Super-resolved, of one frame alone"


def test_edges_leave_the_colours_between_them_alone():
    step = np.full((60, 80, 3), 60, np.uint8)
    step[:, 40:] = 180
    layer = edges_of(step, 0.8)
    alpha = layer >> 24
    assert alpha[:, :30].max() == alpha[:, 50:].max() == 0
    assert alpha[30, 38:42].min() > 50
    dark, bright = layer[30, 39], layer[30, 40]
    assert dark & 0xFFFFFF == 0
    assert bright & 0xFF == bright >> 24  # white, multiplied by alpha
    assert (edges_of(step, 0.2) >> 24)[30, 40] < alpha[30, 40]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_edges_of_grey_pictures_and_of_shading(dtype):
    shading = np.linspace(0, np.iinfo(dtype).max, 640).astype(dtype)[None].repeat(40, axis=0)
    assert (edges_of(shading, 1.0) >> 24).max() == 0
