import gc
import sys

import numpy as np
import pytest
from PySide6.QtCore import QSize

from gui.state.annotations import Annotations, Mark, MarkKind
from gui.status.diagnosis import Notice, Severity
from gui.widgets.video_view import VideoView
from streamer.thermal.colouring import Colouriser
from streamer.thermal.palettes import table
from streamer.thermal.span import Span
from tests.gui import feeder as make


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_repaints_leave_the_count_of_none_alone(qtbot):
    """PySide6 6.12.0 dropped two references to None with every repaint, until Python aborted."""
    view, counts = VideoView(QSize(200, 150)), make.scene(120, 160)
    qtbot.addWidget(view)
    view.show()
    notice = Notice("Title", ("a line",), Severity.ERROR, whole=True)
    marks = (Mark(MarkKind.HOTTEST, 0.5, 0.5, "36.0 °C"),)
    view.set_annotations(
        Annotations(caption="c", stamp="s", notice=notice, dimmed=True, marks=marks)
    )
    colouriser = Colouriser()

    def repaint(times):
        for _ in range(times):
            colours = colouriser.colour(counts, Span(29000, 31000), table("iron"))
            view.show_colours(colours, smooth=True, captured_ns=1)
            view.repaint()

    repaint(50)  # caches fill
    gc.collect()
    before = sys.getrefcount(None), sys.getrefcount(True)
    repaint(500)
    gc.collect()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert abs(after[0] - before[0]) < 100
    assert abs(after[1] - before[1]) < 100


def test_the_memory_behind_the_picture_is_kept(qtbot):
    view = VideoView(QSize(200, 150))
    qtbot.addWidget(view)
    view.resize(200, 150)
    view.show()
    colours = np.full((30, 40), 0xFF102030, np.uint32)
    held = sys.getrefcount(colours)
    view.show_colours(colours, smooth=False, captured_ns=None)
    assert sys.getrefcount(colours) > held
    del colours
    gc.collect()
    assert view.grab().toImage().pixelColor(100, 75).name() == "#102030"
    view.clear()
    assert view._image.isNull()
