"""Pictures that are saved and copied by the window, with their values."""

import json
from datetime import datetime

import numpy as np
import tifffile
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage

from gui.controllers.snapshots.files import save_degrees
from streamer.messages import Mode
from tests.gui import feeder as make
from tests.support.fake_session import DEADLINE_S


def test_snapshot_goes_to_the_pictures(viewer, tmp_path, monkeypatch):
    monkeypatch.setattr("gui.controllers.snapshots.snapshots.user_pictures_path", lambda: tmp_path)
    viewer.press(Qt.Key.Key_S)
    viewer.until_saved()
    (saved,) = (tmp_path / "CoReFusion Live").glob("*.png")
    assert saved.stat().st_size > 1000
    viewer.presenter.refresh()
    readout = viewer.window.control_bar._readout.text()
    assert readout == f"Saved {saved.name} in {saved.parent}"  # the folder may be cut off


def test_a_snapshot_holds_the_counts(viewer, tmp_path, monkeypatch):
    monkeypatch.setattr("gui.controllers.snapshots.snapshots.user_pictures_path", lambda: tmp_path)
    viewer.feed(make.session(), make.result(7))
    viewer.press(Qt.Key.Key_S)
    viewer.until_saved()
    (saved,) = (tmp_path / "CoReFusion Live").glob("*.counts.png")
    image = QImage(str(saved))
    assert image.format() is QImage.Format.Format_Grayscale16
    counts = np.frombuffer(image.constBits(), np.uint16).reshape(480, 640)
    assert np.array_equal(counts, make.scene())
    assert (image.text("gain_k"), image.text("sequence")) == ("0.01", "7")
    captured = datetime.fromisoformat(image.text("captured"))
    age = datetime.fromisoformat(image.text("saved")) - captured
    assert 0 <= age.total_seconds() < DEADLINE_S
    assert (image.text("model"), image.text("engine")) == ("fast:sensor", "openvino int8")
    assert image.text("thermal_sequence") == "7"


def test_a_snapshot_holds_the_degrees(viewer, tmp_path, monkeypatch):
    monkeypatch.setattr("gui.controllers.snapshots.snapshots.user_pictures_path", lambda: tmp_path)
    viewer.feed(make.session(), make.result(7))
    viewer.press(Qt.Key.Key_S)
    viewer.until_saved()
    (saved,) = (tmp_path / "CoReFusion Live").glob("*.celsius.tiff")
    with tifffile.TiffFile(saved) as tiff:
        degrees, facts = tiff.asarray(), json.loads(tiff.pages[0].description)
    np.testing.assert_allclose(degrees, make.scene() * 0.01 - 273.15, rtol=0, atol=1e-3)
    assert (facts["unit"], facts["model"]) == ("celsius", "fast:sensor")
    for guess in (make.result(8, mode=Mode.VISIBLE_ONLY), make.result(9, radiometry=None)):
        assert not save_degrees(guess, tmp_path / "guess.tiff")


def test_a_snapshot_has_the_picture_with_its_legend(viewer, tmp_path, monkeypatch):
    monkeypatch.setattr("gui.controllers.snapshots.snapshots.user_pictures_path", lambda: tmp_path)
    viewer.feed(make.session(), make.result(7))
    viewer.press(Qt.Key.Key_S)
    viewer.until_saved()
    (saved,) = (tmp_path / "CoReFusion Live").glob("*.picture.png")
    image = QImage(str(saved))
    assert (image.text("model"), image.text("thermal_sequence")) == ("fast:sensor", "7")
    corner, top = image.pixelColor(2, 2), image.pixelColor(60, image.height() // 3)
    assert corner.lightness() == 255  # paper
    assert top.lightness() < 128  # the cool room
    viewer.presenter.refresh()
    assert "picture with its legend" in viewer.window.control_bar.readout


def test_values_and_picture_are_copied(viewer):
    viewer.feed(make.session(), make.result(0))
    viewer.large.hovered.emit((0.5, 0.5))
    viewer.presenter.refresh()
    viewer.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("36.0 °C  (super-resolved pixel")
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    viewer.press(Qt.Key.Key_C, control_shift)
    copied = QGuiApplication.clipboard().image()
    assert copied.size() == viewer.large.picture_area().size()


def test_a_snapshot_that_cannot_be_saved_says_so(viewer, tmp_path, monkeypatch):
    (tmp_path / "CoReFusion Live").write_text("in the way")
    monkeypatch.setattr("gui.controllers.snapshots.snapshots.user_pictures_path", lambda: tmp_path)
    viewer.press(Qt.Key.Key_S)
    viewer.until_saved()
    viewer.presenter.refresh()
    assert viewer.window.control_bar._readout.text().startswith("Could not save")
    assert viewer.window.control_bar._readout.text().endswith("(1 so far)")
    assert viewer.actions.snapshots.failed == 1
