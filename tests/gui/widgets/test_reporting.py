"""A report is made in the window, and is a PDF."""

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from gui.controllers.reporting.moment import take_moment
from gui.state.reporting.report_html import PICTURE, SECOND
from streamer.clock import NS_PER_S, now_ns
from streamer.messages import Mode
from tests.gui import feeder as make

_REPORT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def open_report(viewer):
    QTest.keyClick(viewer.window, Qt.Key.Key_R, _REPORT)
    return viewer.actions.reporting.dialog


def moment_of(viewer):
    return take_moment(viewer.window, viewer.presenter, viewer.state)


@pytest.fixture
def saving_to(monkeypatch):
    def answer(path):
        monkeypatch.setattr(
            "gui.controllers.reporting.report_actions.QFileDialog.getSaveFileName",
            lambda *_: (str(path), ""),
        )

    return answer


def press_save(dialog):
    save = dialog.buttons.button(QDialogButtonBox.StandardButton.Save)
    QTest.mouseClick(save, Qt.MouseButton.LeftButton)


def test_a_report_is_typed_and_saved(viewer, saving_to, tmp_path):
    viewer.feed(make.session(), make.visible(0), make.thermal(0), make.result(0))
    QTest.mouseClick(
        viewer.large, Qt.MouseButton.LeftButton, pos=viewer.large.picture_area().center()
    )
    dialog = open_report(viewer)
    dialog.title.selectAll()
    QTest.keyClicks(dialog.title, "Pump 3")
    QTest.keyClicks(dialog.remarks, "Bearing <warm>")
    saving_to(tmp_path / "pump")
    press_save(dialog)
    written = (tmp_path / "pump.pdf").read_bytes()
    assert written.startswith(b"%PDF")
    assert written.endswith(b"%%EOF\n")
    assert "Pump 3".encode("utf-16-be") in written
    assert len(re.findall(rb"/Type /Page\n", written)) == 1
    assert len(re.findall(rb"/Subtype /Image", written)) >= 2
    assert not dialog.isVisible()
    viewer.presenter.refresh()
    assert "pump.pdf" in viewer.window.control_bar.readout


def test_long_remarks_go_on_on_another_page(viewer, saving_to, tmp_path):
    viewer.feed(make.session(), make.result(0))
    dialog = open_report(viewer)
    dialog.remarks.setPlainText("\n".join(map(str, range(90))))
    saving_to(tmp_path / "long.pdf")
    press_save(dialog)
    pages = re.findall(rb"/Type /Page\n", (tmp_path / "long.pdf").read_bytes())
    assert len(pages) == 2


def test_a_place_that_cannot_be_written_is_said_and_nothing_typed_is_lost(
    viewer, saving_to, tmp_path
):
    viewer.feed(make.session(), make.result(0))
    dialog = open_report(viewer)
    QTest.keyClicks(dialog.remarks, "warm")
    saving_to(tmp_path / "no folder" / "a.pdf")
    press_save(dialog)
    assert dialog.isVisible()
    assert "Could not write" in dialog.problem
    assert dialog.remarks.toPlainText() == "warm"


def test_without_a_picture_there_is_no_report(viewer):
    assert open_report(viewer) is None
    viewer.presenter.refresh()
    assert "no picture yet" in viewer.window.control_bar.readout


def test_a_report_shows_what_was_seen_when_it_was_asked_for(viewer):
    viewer.feed(make.session(), make.visible(0), make.result(0, make.scene()))
    viewer.until(lambda: viewer.presenter.pictures.frames)
    open_report(viewer)
    before = viewer.actions.reporting.moment.images[PICTURE].copy()
    viewer.feed(make.result(1, make.scene(phase=1.5)))
    assert viewer.actions.reporting.moment.images[PICTURE] == before
    assert moment_of(viewer).images[PICTURE] != before


def test_a_stamp_is_on_the_report_too(viewer):
    viewer.feed(make.session(), make.result(0, np.zeros((480, 640), np.uint8), Mode.VISIBLE_ONLY))
    QTest.keyClick(viewer.window, Qt.Key.Key_Space)
    report = moment_of(viewer).report
    assert report.stamp == "FROZEN · NOT A MEASUREMENT"
    assert dict(report.facts)["Values"].startswith("relative")


def test_with_the_visible_picture_large_the_result_is_reported(viewer):
    viewer.feed(make.session(), make.visible(0), make.result(0))
    viewer.until(lambda: viewer.presenter.pictures.frames)
    QTest.keyClick(viewer.window, Qt.Key.Key_2)
    moment = moment_of(viewer)
    assert "colour bar in °C" in moment.report.caption
    assert SECOND in moment.images


def test_a_visible_picture_that_is_not_shown_is_there_and_an_old_one_is_not(viewer):
    viewer.state.side_shown = False
    viewer.presenter.refresh()
    viewer.feed(make.session(), make.visible(0), make.result(0))

    def has_it():
        return SECOND in moment_of(viewer).images

    viewer.until(has_it)
    viewer.feed(make.result(1, at_ns=now_ns() + 2 * NS_PER_S))
    moment = moment_of(viewer)
    assert SECOND not in moment.images
    assert "no visible picture of this moment" in moment.report.caption
