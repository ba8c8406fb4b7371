"""A picture with its scale: sizes, colours at both ends, what is no measurement."""

import msgspec
import numpy as np
import pytest

from streamer.convert.legend import with_legend
from streamer.messages import Mode, Radiometry
from streamer.thermal.palettes import table
from streamer.thermal.scale import Unit
from tests.support.recordings import result


def ramp(radiometry: Radiometry | None):
    pixels = np.linspace(29000, 31000, 400 * 320).reshape(400, 320).astype(np.uint16)
    return msgspec.structs.replace(result(1), pixels=pixels, radiometry=radiometry)


@pytest.mark.parametrize("radiometry", [Radiometry(0.01, 0.0), Radiometry(-0.01, 600.0), None])
def test_the_bar_runs_from_the_coldest_to_the_hottest_colour(radiometry):
    shown = with_legend(ramp(radiometry), "iron", Unit.CELSIUS)
    assert shown.shape[0] == 400
    bar = shown[:, 320 + 20]
    last, first = (int(table("iron")[index]) & 0xFFFFFF for index in (-1, 0))
    colours = [int(blue) | int(green) << 8 | int(red) << 16 for blue, green, red in bar]
    assert colours.index(last) < colours.index(first)
    figures = shown[:, 320 + 40 :]
    assert (figures > 200).any()  # written in light ink


def test_a_small_picture_is_enlarged_by_whole_pixels():
    shown = with_legend(result(1), "iron", Unit.KELVIN)  # 24 rows of 32
    height = shown.shape[0]
    assert height >= 320
    assert height % 24 == 0


def test_what_is_no_measurement_is_grey():
    relative = msgspec.structs.replace(ramp(None), mode=Mode.VISIBLE_ONLY)
    picture = with_legend(relative, "iron", Unit.CELSIUS)[:, :320]
    assert (np.ptp(picture.astype(int), axis=2) == 0).all()
