"""The figures of `bench --viewer` are of pictures that were really painted."""

import pytest

from gui import paint_bench
from gui.widgets.video_view import VideoView
from streamer.runtime.answers import PaintAnswer


def test_every_row_is_timed_and_painted(qapp, monkeypatch):
    monkeypatch.setattr(paint_bench, "_FRAMES", 2)
    painted, real = [], VideoView.paintEvent

    def counted(view, event):
        painted.append(len(view.annotations.tools))
        real(view, event)

    monkeypatch.setattr(VideoView, "paintEvent", counted)
    answer = paint_bench.paint_times()
    assert isinstance(answer, PaintAnswer)
    names = [row.shown for row in answer.rows]
    assert names[0] == "picture"
    assert names[-1] == "ten tools, edges and fog"
    assert all(row.paint_ms["p95"] >= row.paint_ms["p50"] >= 0 for row in answer.rows)
    assert painted.count(10) >= 6, "the tools were there when their row was timed"
    assert painted.count(0) >= 15


@pytest.mark.parametrize("kind", ["spot", "line", "box", "ellipse", "polygon"])
def test_the_ten_tools_are_two_of_each_kind(kind):
    assert [tool.kind for tool in paint_bench.ten_tools().tools].count(kind) == 2
