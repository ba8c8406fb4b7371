import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from capture.scene.eye import Eye
from capture.scene.world import World
from gui.panes import Pane
from gui.state.aligning.layer import AlignLook
from streamer.calibration.calibration import Placement
from streamer.calibration.geometry import pixel_grid, pixels_of
from streamer.calibration.stored import load_calibration
from streamer.config.schema import BracketConfig
from streamer.messages import CameraInfo, PixelFormat, RunAction, RunCommand
from tests.gui.feeder import session, status, thermal, visible, worker_status
from tests.gui.widgets.test_take import commands

BRACKET = BracketConfig(scale=1.05, rotation_deg=2.0, shift_x_px=16.0, shift_y_px=-12.0)


@pytest.fixture(scope="module")
def rig():
    """What both cameras of a misaligned rig see, and where the visible one sits."""
    eye, world = Eye(BRACKET), World(7, "day", 320, 240)
    light = np.clip(eye.picture(world.light(2.0, eye), (240, 320)), 0, 255).astype(np.uint8)
    heat = cv2.resize(world.heat(2.0), (160, 120), interpolation=cv2.INTER_AREA)
    return eye, light, np.rint((heat + 273.15) / 0.01).astype(np.uint16)


@pytest.fixture
def aligning(viewer, rig):
    """The window, opened by its key, with pictures of both cameras in it."""
    _, light, heat = rig
    viewer.state.side_shown = False  # the main window shows neither camera's picture
    viewer.feeder.send(visible(0, light), thermal(0, heat))
    QTest.keyClick(viewer.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    actions = viewer.actions.aligning
    frames = viewer.presenter.pictures.frames
    viewer.until(lambda: {Pane.VISIBLE, Pane.THERMAL} <= set(frames))
    actions.update()
    assert actions.window.isVisible()
    yield actions
    actions.close()


def press(aligning, *keys, held=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        QTest.keyClick(aligning.window, key, held)
    aligning.update()


def test_keys_and_mouse_move_scale_and_turn(aligning):
    window, start = aligning.window, Placement.of(aligning.alignment.calibration)
    assert (start.scale, start.shift_px) == (pytest.approx(1), (0, 0))
    press(aligning, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down)
    press(aligning, Qt.Key.Key_Left, held=Qt.KeyboardModifier.ShiftModifier)
    now = Placement.of(aligning.alignment.calibration)
    assert now.shift_px == pytest.approx((9, -2))  # what is moved right is looked up further left
    press(aligning, Qt.Key.Key_Plus, Qt.Key.Key_BracketRight)
    now = Placement.of(aligning.alignment.calibration)
    assert now.scale == pytest.approx(1 / 1.005)
    assert now.rotation_deg == pytest.approx(-0.2)
    press(aligning, *[Qt.Key.Key_Z] * 6, held=Qt.KeyboardModifier.ControlModifier)
    assert not aligning.alignment.can_undo
    view = window.view
    area = view.picture_area()
    begin = area.center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(view, begin + QPoint(area.width() // 10, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=begin + QPoint(area.width() // 10, 0))
    now = Placement.of(aligning.alignment.calibration)
    assert now.shift_px == pytest.approx((-64, 0), abs=2)
    press(aligning, Qt.Key.Key_Space)
    assert aligning.alignment.shown is None
    assert "no calibration" in window.placement.text()
    press(aligning, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert aligning.alignment.unsaved


def test_it_finds_the_calibration_by_itself_and_saves_what_was_confirmed(
    aligning, rig, viewer, tmp_path, monkeypatch
):
    eye, _, _ = rig
    monkeypatch.setattr("gui.state.aligning.moments.LONGEST_NS", 0)
    press(aligning, Qt.Key.Key_F)
    window = aligning.window

    viewer.until(lambda: "sure" in window.message.text())  # it looks for the outcome by itself
    assert window.message.text().startswith("Found")
    calibration = aligning.alignment.calibration
    grid = pixel_grid((480, 640), 40)
    missed = calibration.visible_points(grid) - eye.place(grid, 10.0)
    assert np.median(np.linalg.norm(missed, axis=-1)) * 320 < 2
    path = tmp_path / "pair.yaml"
    answers, begun_in = [None, path], []

    def answer(self, proposed):
        begun_in.append((proposed.parent, proposed.parent.is_dir()))
        return answers.pop(0)

    monkeypatch.setattr(type(window), "file_to_save", answer)
    folder = tmp_path / "CoReFusion Live"
    monkeypatch.setattr(
        "gui.controllers.aligning.aligning_actions.user_documents_path", lambda: tmp_path
    )
    press(aligning, Qt.Key.Key_S, held=Qt.KeyboardModifier.ControlModifier)
    assert (window.message.text(), path.exists()) == ("Nothing was saved.", False)
    assert window.isWindowModified()
    assert (begun_in, folder.exists()) == ([(folder, True)], False)
    press(aligning, Qt.Key.Key_S, held=Qt.KeyboardModifier.ControlModifier)
    assert load_calibration(path).matrix == calibration.matrix
    assert "used from now on" in window.message.text()
    assert not window.isWindowModified()
    viewer.until(lambda: commands(viewer))
    (command,) = commands(viewer)
    assert command == RunCommand(RunAction.ALIGN, path=str(path.resolve()))


def test_a_calibration_names_its_cameras(aligning, viewer):
    statuses = [worker_status()]
    for stream, name in (("visible", "webcam"), ("thermal", "core")):
        camera = CameraInfo(
            name=name,
            width=320,
            height=240,
            pixel_format=PixelFormat.MONO16,
            rate_hz=9.0,
            live=True,
        )
        statuses.append(status(f"capture.{stream}", camera=camera))
    viewer.feed(session(statuses=statuses))
    aligning.alignment = None
    aligning.update()
    calibration = aligning.alignment.calibration
    assert (calibration.visible.camera, calibration.thermal.camera) == ("webcam", "core")


def test_what_is_not_sure_is_refused_in_a_sentence_and_changes_nothing(
    aligning, viewer, monkeypatch
):
    monkeypatch.setattr("gui.state.aligning.moments.LONGEST_NS", 0)
    covered = np.random.default_rng(2).normal(8, 3, (240, 320, 3)).clip(0, 255).astype(np.uint8)
    viewer.feeder.send(visible(1, covered), thermal(1))
    viewer.until(lambda: viewer.presenter.pictures.frames[Pane.THERMAL].sequence == 1)
    viewer.until(lambda: viewer.presenter.pictures.frames[Pane.VISIBLE].sequence == 1)
    before = aligning.alignment.calibration
    press(aligning, Qt.Key.Key_F)

    viewer.until(lambda: "Not sure enough: " in aligning.window.message.text())
    assert aligning.alignment.calibration is before
    assert not aligning.window.isWindowModified()


def test_clicked_pairs_line_both_up(aligning, rig):
    eye, _, _ = rig
    window = aligning.window
    window.choose_look(AlignLook.POINTS)
    for u, v in ((0.2, 0.2), (0.8, 0.25), (0.25, 0.8), (0.75, 0.7)):
        point = np.array([2 * u - 1, (2 * v - 1) * 0.75])
        x, y = pixels_of(eye.place(point[None], 10.0), (240, 320))[0]
        window.clicked.emit(Pane.THERMAL, u, v)
        assert "on the left" in window.message.text()
        window.clicked.emit(Pane.VISIBLE, (x + 0.5) / 320, (y + 0.5) / 240)
    placed = Placement.of(aligning.alignment.calibration)
    assert placed.scale == pytest.approx(1.05, abs=0.02)
    assert placed.rotation_deg == pytest.approx(2.0, abs=0.3)
    assert "4 pairs lie" in window.message.text()


def test_a_map_that_no_run_would_take_is_not_saved(aligning, monkeypatch):
    press(aligning, *[Qt.Key.Key_Right] * 40, held=Qt.KeyboardModifier.ShiftModifier)

    def never(self, proposed):
        raise AssertionError

    monkeypatch.setattr(type(aligning.window), "file_to_save", never)
    press(aligning, Qt.Key.Key_S, held=Qt.KeyboardModifier.ControlModifier)
    assert aligning.window.message.text().startswith("Not saved: the visible picture covers")
