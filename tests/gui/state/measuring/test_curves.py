import numpy as np
import pytest

from gui.state.measuring.curves import SPANS_S, Curves
from gui.state.measuring.plot import curves_plot, profile_plot
from gui.state.measuring.readings import ToolValues
from gui.state.picture import Picture
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import Line, Spot
from streamer.messages import Radiometry
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.tool_readings import ToolReading

SCALE = Scale(Radiometry(0.01, 0.0), Unit.CELSIUS)


def values(*celsius, names=("a", "b"), scale=SCALE):
    read = []
    for name, one in zip(names, celsius, strict=False):
        kelvin = one + 273.15 if scale.radiometry else one
        reading = ToolReading(
            pixels=4,
            minimum=kelvin - 1,
            mean=kelvin,
            maximum=kelvin + 1,
            deviation=0.5,
            coldest=(0.1, 0.1),
            hottest=(0.2, 0.2),
        )
        tool = Spot(name=name, points=((0.5, 0.5),))
        read.append(
            ToolValues(tool=tool, parameters=ObjectParameters(), result=reading, result_scale=scale)
        )
    return tuple(read)


@pytest.fixture(scope="module")
def day():
    """A day at a picture every two seconds, with one peak 20 hours before its end."""
    curves = Curves()
    for second in range(0, 86400, 2):
        curves.add(float(second), values(90.0 if second == 14400 else 20 + second / 86400))
    return curves


@pytest.mark.parametrize("span_s", SPANS_S)
def test_every_span_is_there_and_bounded(day, span_s):
    points = day.points("a", span_s)
    assert len(points) <= 3000
    assert points[0, 0] == pytest.approx(day.now_s - span_s, abs=max(2.0, span_s / 100))
    assert points[-1, 0] >= day.now_s - 30
    assert np.all(np.diff(points[:, 0]) > 0)


def test_a_peak_is_there_a_day_later(day):
    assert day.points("a", 86400.0)[:, 3].max() == pytest.approx(91 + 273.15)
    assert day.points("a", 3600.0)[:, 3].max() < 30 + 273.15


def test_memory_does_not_grow():
    curves = Curves()
    curves.add(0.0, values(20.0))
    sizes = [level._rows.nbytes for level in curves._curves["a"]._levels]
    for step in range(5000):
        curves.add(step / 10, values(20.0))
    assert [level._rows.nbytes for level in curves._curves["a"]._levels] == sizes
    assert sum(sizes) < 250_000


def test_a_jump_back_another_kind_of_scale_and_a_tool_that_is_gone_begin_anew():
    curves = Curves()
    for at_s in (1.0, 2.0, 3.0):
        curves.add(at_s, values(20.0, 30.0))
    curves.add(3.0, values(20.0))
    assert curves.names == ("a",)
    curves.renamed("a", "motor")
    curves.add(3.5, values(20.0, names=("motor",)))
    assert len(curves.points("motor", 60.0)) == 4
    curves.add(1.0, values(20.0, names=("motor",)))
    assert len(curves.points("motor", 60.0)) == 1
    curves.add(1.5, values(99.0, names=("motor",), scale=Scale(None, Unit.CELSIUS)))
    assert len(curves.points("motor", 60.0)) == 1


def test_what_cannot_be_is_no_point():
    curves = Curves()
    curves.add(1.0, values(float("nan")))
    assert curves.names == ("a",)
    assert len(curves.points("a", 60.0)) == 0


def test_as_text():
    curves = Curves()
    curves.add(10.0, values(20.0, 30.0, names=("=cmd, x", "b")))
    curves.add(10.5, values(21.0, names=("=cmd, x",)))
    assert curves.table(SCALE, 60.0, ",").splitlines() == [
        'seconds,"\'=cmd, x min (°C)","\'=cmd, x mean (°C)","\'=cmd, x max (°C)"',
        "0.00,19.00,20.00,21.00",
        "0.50,20.00,21.00,22.00",
    ]


def test_a_plot_has_gaps_a_cursor_and_its_unit():
    curves = Curves()
    for at_s in (0, 1, 2, 3, 30, 31, 32):
        read = values(20.0 + at_s)
        curves.add(float(at_s), read)
    plot = curves_plot(curves, read, Scale(SCALE.radiometry, Unit.FAHRENHEIT), 60.0)
    (line,) = plot.lines
    assert np.isnan(line.x).sum() == 1
    assert (plot.x_unit, plot.y_unit) == ("s", "°F")
    x, ((read_line, value),) = plot.read(0.5)
    assert (x, read_line.name) == (-30.0, "a")
    assert value == pytest.approx((20 + 2 + 1) * 1.8 + 32)
    assert curves_plot(curves, (), None, 60.0).empty


def test_a_profile_has_a_line_for_each_picture():
    pixels = np.arange(30000, 30000 + 64, dtype=np.uint16)[None].repeat(48, axis=0)
    picture = Picture(pane="result", pixels=pixels, smooth=True, scale=SCALE)
    line = Line(name="l", points=((0.0, 0.5), (1.0, 0.5)))
    plot = profile_plot(line, [("SR", picture), ("sensor", None)])
    assert [each.name for each in plot.lines] == ["l SR"]
    assert plot.lines[0].y[0] == pytest.approx(300 - 273.15)
    assert plot.lines[0].y[-1] == pytest.approx(300.63 - 273.15)
    assert profile_plot(None, []).empty
