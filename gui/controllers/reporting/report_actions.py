"""File > Report: a moment is taken, words are added, a PDF is written."""

from datetime import datetime
from pathlib import Path

from platformdirs import user_pictures_path
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from gui.controllers.presenter import Presenter
from gui.controllers.reporting.moment import Moment, take_moment
from gui.language import mark, tr
from gui.state.reporting.report import Report
from gui.state.reporting.report_html import report_html
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from gui.widgets.reporting.figure import sizes_on_paper
from gui.widgets.reporting.pages import first_page, write_pdf
from gui.widgets.reporting.report_window import ReportWindow
from streamer.version import software

_FILTER = mark("PDF (*.pdf)")


class ReportActions:
    """Takes moments for reports, one at a time; who signs them is remembered in this window.

    Attributes:
        moment: that is reported on.
        dialog: in which it is, once it was asked for.
    """

    def __init__(self, window: MainWindow, presenter: Presenter, state: ViewerState) -> None:
        self._window, self._presenter, self._state = window, presenter, state
        self.moment: Moment | None = None
        self.dialog: ReportWindow | None = None

    def open(self) -> None:
        """Takes what is on the screen, and asks for words."""
        self.moment = take_moment(self._window, self._presenter, self._state)
        if self.moment is None:
            self._presenter.show_message(tr("There is no picture yet to report on"))
            return
        if self.dialog is None:
            self.dialog = ReportWindow(self._window)
            self.dialog.changed.connect(self._show_page)
            self.dialog.save.connect(self._on_save)
        self.dialog.begin(self.moment.report)
        self._show_page()
        self.dialog.show()

    def _show_page(self) -> None:
        if self.moment is not None and self.dialog is not None:
            report = self.dialog.filled(self.moment.report)
            self.dialog.show_page(first_page(_html(report, self.moment.images), self.moment.images))

    def _on_save(self) -> None:
        if self.moment is None or self.dialog is None:
            return
        stem = f"{datetime.now():%Y-%m-%d %H-%M-%S} report.pdf"
        proposed = user_pictures_path() / "CoReFusion Live" / stem
        folder = proposed.parent if proposed.parent.is_dir() else user_pictures_path()
        chosen, _ = QFileDialog.getSaveFileName(
            self.dialog, tr("Save the report"), str(folder / stem), tr(_FILTER)
        )
        if not chosen:
            return
        path = Path(chosen)
        path = path if path.suffix else path.with_suffix(".pdf")
        report, images = self.dialog.filled(self.moment.report), self.moment.images
        if write_pdf(path, _html(report, images), images, report.title):
            self.dialog.hide()
            self._presenter.show_message(
                tr("Saved {name} in {parent}", name=path.name, parent=path.parent)
            )
        else:
            self.dialog.show_problem(tr("Could not write {path}: choose another place", path=path))


def _html(report: Report, images: dict[str, QImage]) -> str:
    made = tr("Made with CoReFusion Live ({software})", software=software())
    return report_html(report, sizes_on_paper(images), made)
