import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.state.rigs.choice import rig_actions
from gui.state.rigs.tile import RigTile
from gui.status.diagnosis import Severity
from gui.widgets.main_window import MainWindow
from gui.widgets.rigs.window import RigsWindow
from gui.widgets.theme import apply_theme


def window_of(qtbot, names):
    window = RigsWindow(names, rig_actions(names))
    qtbot.addWidget(window)
    for _ in names:
        window.add_page(MainWindow(60.0))
    window.show_large(0, names[0])
    window.show()
    return window


def at_size(window, width, height):
    window.resize(width, height)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (width, height)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_small_window_has_buttons_and_a_large_one_pictures(qtbot, qapp, theme):
    apply_theme(qapp, theme=theme)
    window = window_of(qtbot, ["roof", "pump-house-of-the-north", "cellar"])
    at_size(window, 1280, 800)
    assert all(tile.view.isVisible() for tile in window.tiles)
    at_size(window, 480, 320)
    page = window.centralWidget().findChildren(MainWindow)[0]
    assert not any(tile.view.isVisible() for tile in window.tiles)
    for tile in window.tiles:
        assert tile.isVisible()
        corner = tile.mapTo(window, tile.rect().bottomRight())
        assert window.rect().contains(corner)
    assert page.views[0].height() >= 160
    at_size(window, 1280, 800)
    assert all(tile.view.isVisible() for tile in window.tiles)


def test_many_rigs_have_their_words_beside_their_pictures(qtbot, qapp):
    apply_theme(qapp)
    window = window_of(qtbot, [f"rig-{number}" for number in range(8)])
    at_size(window, 1280, 800)
    for tile in window.tiles:
        assert tile.view.width() > 60
        assert tile.view.height() > 50
        assert window.rect().contains(tile.mapTo(window, tile.rect().bottomRight()))


def test_a_tile_says_in_words_and_colour_how_its_rig_is(qtbot, qapp):
    apply_theme(qapp)
    window = window_of(qtbot, ["roof", "yard"])
    at_size(window, 1280, 800)
    tile = window.tiles[1]
    tile.show_words(
        RigTile(badge="NO SIGNAL", severity=Severity.ERROR, age="9.0 s", lost=True, tip="No camera")
    )
    assert tile._badge.text() == "NO SIGNAL"
    assert tile._age.text() == "9.0 s"
    assert tile.view.annotations.dimmed
    assert tile.accessibleName() == "yard: NO SIGNAL"
    assert "No camera" in tile.toolTip()
    assert "Alt+2" in tile.toolTip()
    at_size(window, 480, 320)  # two have room for the word
    assert tile._badge.text() == "NO SIGNAL"


def test_a_click_on_words_chooses_as_one_on_the_picture(qtbot, qapp):
    apply_theme(qapp)
    window = window_of(qtbot, ["roof", "yard"])
    at_size(window, 1280, 800)
    chosen = []
    window.chosen.connect(chosen.append)
    tile = window.tiles[1]
    QTest.mouseClick(tile._title, Qt.MouseButton.LeftButton)
    QTest.mouseClick(tile.view, Qt.MouseButton.LeftButton)
    at_size(window, 480, 320)
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert chosen == [1, 1, 1]
