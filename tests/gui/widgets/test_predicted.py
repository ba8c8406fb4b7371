"""Pictures between two results: seen, marked, and nothing read off them."""

import numpy as np
import pytest

from streamer.clock import NS_PER_S, after, now_ns
from streamer.config.loading import load_config
from streamer.messages import Mode
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import ViewerRole
from tests.gui import feeder as make

COLD, HOT = 29500, 30500


@pytest.fixture
def spec(addresses):
    config = load_config(None, ["inference.rate=visible"])
    return ProcessSpec(name="viewer", config=config, addresses=addresses, role=ViewerRole())


def scene(column):
    """A hot bar at a column."""
    counts = np.full((480, 640), COLD, np.uint16)
    counts[:, column : column + 40] = HOT
    return counts


def hot_column(viewer):
    row = np.array(viewer.large._colours)[240]
    return int(np.flatnonzero(row == row.max())[0])


def test_pictures_between_results_are_seen_and_marked_and_read_by_nobody(viewer):
    viewer.feed(make.session(), make.result(4, scene(100)))
    before = viewer.window.control_bar.readout
    span = viewer.window.span_panel._bar._span
    assert "predicted" not in viewer.large.annotations.caption
    between = make.result(4, scene(160), predicted=0.9)

    def shown():
        viewer.feeder.out["predicted"].send(between)
        return hot_column(viewer) == 160

    viewer.until(shown)
    viewer.presenter.refresh()
    assert "predicted between thermal frames" in viewer.large.annotations.caption
    assert viewer.window.control_bar.readout == before
    assert viewer.window.span_panel._bar._span == span
    assert viewer.presenter.pictures.result.sequence == 4
    marks = viewer.large.annotations.marks
    assert marks
    assert 100 / 640 <= marks[0].u <= 140 / 640  # where it was measured
    late_ns = after(now_ns(), 60 * NS_PER_S)
    assert viewer.presenter.pictures.are_predicted(late_ns)  # for as long as it is what is seen
    viewer.window.qactions["freeze"].trigger()
    assert hot_column(viewer) == 100  # what is frozen is what was measured
    assert "predicted" not in viewer.large.annotations.caption
    viewer.window.qactions["freeze"].trigger()
    viewer.feed(make.result(5, scene(220)))
    assert hot_column(viewer) == 220
    assert not viewer.presenter.pictures.are_predicted(late_ns)


@pytest.mark.parametrize(
    "foreign",
    [
        {"sequence": 3, "predicted": 0.9},  # carried from a result that is gone
        {"sequence": 4},  # not marked
        {"sequence": 4, "predicted": 0.9, "pixels": np.zeros((10, 10), np.uint16)},
    ],
)
def test_what_does_not_belong_behind_the_result_is_not_shown(viewer, foreign):
    viewer.feed(make.session(), make.result(4, scene(100)))
    fields = {"pixels": scene(160)} | foreign
    marked = make.result(4, scene(300), predicted=0.9)

    def after_it():
        viewer.feeder.out["predicted"].send(make.result(mode=Mode.GUIDED, **fields))
        viewer.presenter.tick()
        assert hot_column(viewer) in (100, 300)
        viewer.feeder.out["predicted"].send(marked)
        return hot_column(viewer) == 300

    viewer.until(after_it)
