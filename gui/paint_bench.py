"""Times painting by the time that the window's thread computes: `python -m gui.paint_bench`, JSON.

A process of its own, since Qt aborts where its platform plugin cannot be loaded.
"""

import sys
from collections.abc import Callable
from time import thread_time

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from gui.panes import Pane
from gui.state.annotations import Annotations, Mark, MarkKind
from gui.state.looks.layers import LayerMaker
from gui.state.looks.look import Look
from gui.state.measuring.readings import ToolReader
from gui.state.measuring.tool_text import tool_mark
from gui.state.pane_images import Pictures
from gui.state.viewer_state import ViewerState
from gui.widgets.theme import apply_theme
from gui.widgets.video_view import VideoView
from streamer.clock import HostNs, StreamNs
from streamer.measuring.shapes import AnyTool, Box, Ellipse, Line, Polygon, Spot
from streamer.measuring.tool_set import ToolSet
from streamer.messages import (
    Frame,
    Mode,
    PixelFormat,
    Radiometry,
    Source,
    SuperResolvedFrame,
    Uncertainty,
)
from streamer.runtime.answers import PaintAnswer, PaintRow

_PICTURE = 640, 480
_VIEW = 720, 540  # of a window of 1280x800
_SENSOR = 160, 120
_FRAMES = 100
_KELVIN = Radiometry(gain_k=0.01, offset_k=0.0)


def ten_tools() -> ToolSet:
    """Two of each kind."""
    tools: list[AnyTool] = []
    for number in range(2):
        u = 0.1 + 0.5 * number
        tools += [
            Spot(name=f"Sp{number}", points=((u, 0.15),)),
            Line(name=f"Li{number}", points=((u, 0.3), (u + 0.3, 0.35))),
            Box(name=f"Bx{number}", points=((u, 0.4), (u + 0.3, 0.6))),
            Ellipse(name=f"El{number}", points=((u, 0.65), (u + 0.15, 0.9))),
            Polygon(name=f"Po{number}", points=((u + 0.2, 0.7), (u + 0.35, 0.7), (u + 0.3, 0.9))),
        ]
    return ToolSet(tools=tuple(tools))


class PaintBench:
    """One large view, fed with a moving scene."""

    def __init__(self) -> None:
        self._view = VideoView(QSize(*_VIEW))
        self._view.resize(*_VIEW)
        self._view.show()
        QApplication.processEvents()  # a window that is not up yet paints nothing
        self._state = ViewerState()
        self._pictures = Pictures()
        self._layers = LayerMaker(self._pictures)
        self._reader = ToolReader()
        self._sequence = 0
        now = HostNs(0)
        grey = np.random.default_rng(1).integers(0, 255, (480, 640, 3), np.uint8)
        for pane, pixels, kind in (
            (Pane.VISIBLE, grey, PixelFormat.BGR8),
            (Pane.THERMAL, _scene(0, _SENSOR), PixelFormat.MONO16),
        ):
            frame = Frame(
                stream=pane.value,
                sequence=0,
                timestamp_ns=StreamNs(0),
                pixel_format=kind,
                pixels=pixels,
                radiometry=None if pane is Pane.VISIBLE else _KELVIN,
            )
            self._pictures.accept(pane, frame, now, now)
        self._scenes = [_scene(n, _PICTURE) for n in range(10)]

    def rows(self) -> list[PaintRow]:
        """Every way of looking at a result, alone, then all at once."""
        self.paint()
        self.paint()  # tables and fonts are made once
        rows = [self._timed("picture", self.paint)]
        rows += [self._looked(look) for look in Look if look is not Look.PLAIN]
        self._state.fog_shown = True
        rows.append(self._timed("fog of uncertainty", self.paint))
        self._state.fog_shown = False
        self._state.measuring.begin(ten_tools())
        rows.append(self._timed("reading ten tools", self.read))
        rows.append(self._timed("ten tools", self.paint))
        self._state.fog_shown, self._state.look = True, Look.EDGES
        rows.append(self._timed("ten tools, edges and fog", self.paint))
        return rows

    def paint(self) -> None:
        """What a result costs from its arrival to the end of paint."""
        self._sequence += 1
        pixels = self._scenes[self._sequence % len(self._scenes)]
        result = SuperResolvedFrame(
            sequence=self._sequence,
            timestamp_ns=StreamNs(self._sequence),
            published_ns=StreamNs(self._sequence),
            mode=Mode.GUIDED,
            pixel_format=PixelFormat.MONO16,
            pixels=pixels,
            thermal=Source(0, StreamNs(0)),
            visible=None,
            radiometry=_KELVIN,
            uncertainty=_SIGMA,
        )
        self._pictures.accept_result(result, HostNs(self._sequence * 33_000_000))
        picture = self._pictures.picture(Pane.RESULT, self._state)
        if picture is not None:
            width = self._view.width()
            colours = self._pictures.colours(picture, width)
            self._view.show_colours(colours, smooth=True, captured_ns=None)
            self._view.show_fog(self._pictures.fog(picture, self._state))
            layer = self._layers.layer(picture, self._state, width, visible_old=False)
            self._view.show_layer(layer)
        self._view.repaint()

    def read(self) -> None:
        """What reading all tools and both extremes costs, ten times a second."""
        picture = self._pictures.picture(Pane.RESULT, self._state)
        sensor = self._pictures.picture(Pane.THERMAL, self._state)
        tools = self._state.measuring.tools
        values = self._reader.read(tools.tools, tools, picture, sensor)
        extremes = None if picture is None else self._reader.extremes(picture)
        marks: tuple[Mark, ...] = ()
        if extremes is not None and picture is not None:
            ends = (MarkKind.HOTTEST, extremes.hottest), (MarkKind.COLDEST, extremes.coldest)
            marks = tuple(Mark(kind, at.u, at.v, picture.label(at)) for kind, at in ends)
        drawn = tuple(
            tool_mark(each, Pane.RESULT, selected=number == 0, marked=True, alarmed=False)
            for number, each in enumerate(values)
        )
        annotations = Annotations(caption="Super-resolved", marks=marks, tools=drawn)
        self._view.set_annotations(annotations)

    def _looked(self, look: Look) -> PaintRow:
        self._state.look = look
        row = self._timed(look.value, self.paint)
        self._state.look = Look.PLAIN
        return row

    def _timed(self, words: str, work: Callable[[], None]) -> PaintRow:
        work()
        spent_ms = []
        for _ in range(_FRAMES):
            begun = thread_time()
            work()
            spent_ms.append((thread_time() - begun) * 1e3)
        p50, p95 = (round(float(np.percentile(spent_ms, share)), 3) for share in (50, 95))
        return PaintRow(words, {"p50": p50, "p95": p95})


def _scene(phase: int, size: tuple[int, int]) -> NDArray[np.uint16]:
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width] / [[[height]], [[width]]]
    body = np.exp(-(((columns - 0.4 - 0.02 * phase) / 0.12) ** 2 + ((rows - 0.5) / 0.3) ** 2))
    counts: NDArray[np.uint16] = np.rint((291.15 + 4 * rows + 16 * body) * 100).astype(np.uint16)
    return counts


_SIGMA = Uncertainty.of(np.full((60, 80), 40.0, np.float32))


def paint_times() -> PaintAnswer:
    """Times every row."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0]])
    apply_theme(application)
    return PaintAnswer(application.platformName(), _PICTURE, _VIEW, _FRAMES, PaintBench().rows())


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(paint_times()))
