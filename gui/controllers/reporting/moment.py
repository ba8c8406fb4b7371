"""A moment as the window shows it, taken for a report: its words and its pictures."""

from typing import NamedTuple

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from gui.controllers.presenter import Presenter
from gui.language import mark, tr
from gui.panes import Pane
from gui.state.annotations import Annotations
from gui.state.measuring.tool_text import table_rows
from gui.state.pane_images import Pictures
from gui.state.reporting.report import TITLE, Report, alarm_lines, fact_lines, table_of, when_of
from gui.state.reporting.report_html import CURVES, PICTURE, SECOND, WIDTH, legend_html
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from gui.widgets.measuring.plot_view import PlotView
from gui.widgets.reporting.figure import image_of, picture_of, sizes_on_paper, with_bar
from gui.widgets.reporting.pages import sheet
from gui.widgets.theme import px
from gui.widgets.video_view import VideoView
from streamer.clock import NS_PER_MS, since

_LARGE, _SMALL, _CURVES = (400, 350), (164, 350), (WIDTH, 170)
_EDGE_PX = 6  # of cells
_SAME_MOMENT_MS = 500.0  # a visible picture further away is of another
_NONE_SHOWN = mark("no visible picture of this moment")


class Moment(NamedTuple):
    """What a report is made from; nothing that comes later changes it."""

    report: Report
    images: dict[str, QImage]


def take_moment(window: MainWindow, presenter: Presenter, state: ViewerState) -> Moment | None:
    """The moment that is on the screen; None before the first picture.

    The picture is the large one, as it is: with its look, its tools and its stamps. Where that is
    the visible one, it is the result, as a report without temperatures is none.
    """
    presenter.refresh()  # words and marks of this very picture
    presenter.panes.take_hidden(Pane.VISIBLE)
    shown = state.large is not Pane.VISIBLE or not state.shows(Pane.RESULT)
    pane = state.large if shown else Pane.RESULT
    picture = presenter.pictures.picture(pane, state)
    if picture is None:
        return None
    view = window.views[state.slots.index(pane)]
    degrees = picture.scale is not None and picture.scale.radiometry is not None
    facts, values = presenter.facts(), presenter.measuring.values
    tools = state.measuring.tools
    result = presenter.pictures.result
    mode = result.mode if result is not None and pane is not Pane.THERMAL else None
    columns, rows = table_of(table_rows(values, tools.reference))
    thermal = picture_of(view, px(_LARGE[0]), px(_LARGE[1]))
    images = {PICTURE: with_bar(thermal, None if view.has_own_bar else picture)}
    visible = None if pane is Pane.VISIBLE else _visible(presenter.pictures, state)
    if visible is not None:
        images[SECOND] = visible
    plot = presenter.measuring.plot()
    if plot.lines:
        paper = PlotView(on_paper=True)
        paper.resize(px(_CURVES[0]), px(_CURVES[1]))
        paper.show_plot(plot)
        images[CURVES] = image_of(paper)
    caption = view.annotations.caption
    if picture.scale is not None and not view.has_own_bar:
        caption = tr(
            "{caption}; colour bar in {symbol}", caption=caption, symbol=picture.scale.symbol
        )
    report = Report(
        title=tr(TITLE),
        when=when_of(facts),
        stamp=view.annotations.stamp,
        caption=caption if visible is not None else f"{caption}; {tr(_NONE_SHOWN)}",
        second=Pane.VISIBLE.caption,
        facts=fact_lines(facts, tools.parameters, mode, degrees=degrees),
        columns=columns,
        rows=rows,
        curves=tr("Curves, {y_unit}", y_unit=plot.y_unit),
        alarms=alarm_lines(presenter.alarms),
    )
    return Moment(report, images)


def with_legend(moment: Moment) -> QImage:
    """The picture with its bar, where it came from, and the table of its tools."""
    images = {PICTURE: moment.images[PICTURE]}
    wide, high = sizes_on_paper(images)[PICTURE]
    share = (WIDTH - _EDGE_PX) / wide
    size = round(wide * share), round(high * share)
    return sheet(legend_html(moment.report, {PICTURE: size}), images)


def _visible(pictures: Pictures, state: ViewerState) -> QImage | None:
    """The visible picture, if there is one of the result's moment."""
    picture = pictures.picture(Pane.VISIBLE, state)
    if picture is None:
        return None
    frame = pictures.frames[Pane.VISIBLE]
    of = pictures.result or pictures.frames.get(Pane.THERMAL)
    if of is not None:
        apart_ms = abs(since(of.timestamp_ns, frame.timestamp_ns)) / NS_PER_MS
        if apart_ms > _SAME_MOMENT_MS:
            return None
    view = VideoView(QSize(1, 1))
    view.resize(px(_SMALL[0]), px(_SMALL[1]))
    colours = pictures.colours(picture, 3 * view.width())
    view.show_colours(colours, smooth=picture.smooth, captured_ns=None)
    view.show_framing(view.zoom, state.orientation)
    view.set_annotations(Annotations())
    return picture_of(view, px(_SMALL[0]), px(_SMALL[1]))
