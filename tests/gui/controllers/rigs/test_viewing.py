"""The window of several rigs, on a real run of two simulated ones."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.controllers.rigs.viewing import RigsViewer
from gui.widgets.theme import apply_theme
from streamer.config.rigs import load_rigs
from streamer.recording import RecordingReader
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import ViewerRole
from streamer.transport import Addresses
from tests.e2e.command import run_directories, started
from tests.support.fake_session import DEADLINE_S

pytestmark = pytest.mark.e2e

_SMALL = Path(__file__).parents[3] / "e2e" / "small.yaml"
_ALT, _CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


class Rigs:
    """A run of two rigs, and a window of them that is driven tick by tick."""

    def __init__(self, run, viewer, videos, qtbot):
        self.run, self.viewer, self.videos, self._qtbot = run, viewer, videos, qtbot
        self.window, self.pages = viewer.window, viewer.pages

    def until(self, holds: Callable[[], object]) -> None:
        """Goes on until it holds; the run has to be there all the while."""

        def step():
            assert self.run.poll() is None, self.run.communicate()
            self.viewer.tick()
            return bool(holds())

        self._qtbot.waitUntil(step, timeout=round(DEADLINE_S * 1000))

    @property
    def large(self):
        return self.viewer.choice.names[self.viewer.choice.large]

    def tile(self, number):
        return self.window.tiles[number].words


@contextmanager
def _rigs(tmp_path: Path, qtbot, qapp, *how: str) -> Iterator[Rigs]:
    files = []
    for number, name in enumerate(("roof", "yard")):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(f"capture: {{simulated: {{seed: {number}}}}}")
    changes = [
        "inference.model=bilinear",
        f"log.folder={tmp_path / 'log'}",
        f"recording.directory={tmp_path / 'videos'}",
    ]
    options = [text for file in files for text in ("--rig", str(file))]
    options += [text for change in changes for text in ("--set", change)]
    with started("live", *how, "--config", _SMALL, *options, XDG_CONFIG_HOME=str(tmp_path)) as run:
        found = _addresses(run)
        specs = [
            ProcessSpec(
                name="viewer",
                config=rig.config,
                addresses=addresses,
                role=ViewerRole(),
                rig=rig.name,
            )
            for rig, addresses in zip(load_rigs(files, _SMALL, changes), found, strict=True)
        ]
        apply_theme(qapp)
        spec = msgspec.structs.replace(specs[0], others=tuple(specs[1:]))
        viewer = RigsViewer(spec, kept=False)
        qtbot.addWidget(viewer.window)
        viewer.window.resize(1280, 800)
        viewer.open(qapp)
        try:
            yield Rigs(run, viewer, tmp_path / "videos", qtbot)
        finally:
            viewer.close()


@pytest.fixture
def rigs(tmp_path: Path, qtbot, qapp) -> Iterator[Rigs]:
    """Without a window of the run's own: what is looked at is the same."""
    with _rigs(tmp_path, qtbot, qapp, "--headless") as rigs:
        yield rigs


@pytest.fixture
def recorded_rigs(tmp_path: Path, qtbot, qapp) -> Iterator[Rigs]:
    """Of a run with a window, which alone can be asked for recordings."""
    with _rigs(tmp_path, qtbot, qapp) as rigs:
        yield rigs


def _addresses(run: subprocess.Popen[str]) -> list[Addresses]:
    """Where the endpoints of both are, in their order."""
    files: list[Path] = []
    while len(files) < 2:
        assert run.poll() is None, run.communicate()
        files = [
            file
            for directory in run_directories(run.pid)
            if (file := directory / "connection.json").exists() and file.stat().st_size
        ]
    files.sort(key=lambda file: file.stat().st_mtime_ns)
    return [msgspec.json.decode(file.read_bytes(), type=Addresses) for file in files]


def test_another_rig_is_made_large_by_mouse_key_and_menu(rigs: Rigs) -> None:
    window, pages = rigs.window, rigs.pages
    rigs.until(lambda: all(tile.words.value for tile in window.tiles))
    assert rigs.large == "roof"
    assert pages[0].window.isVisible()
    assert not pages[1].window.isVisible()

    QTest.mouseClick(window.tiles[1].view, Qt.MouseButton.LeftButton)

    assert rigs.large == "yard"
    assert pages[1].window.isVisible()
    assert not pages[0].window.isVisible()
    assert "yard" in window.windowTitle()
    seen = pages[1].presenter.pictures.result.sequence
    rigs.until(lambda: pages[1].presenter.pictures.result.sequence > seen + 3)
    assert pages[1].window.views[0].picture_area().width() > 300
    rigs.until(lambda: rigs.tile(0).badge == rigs.tile(1).badge == "GUIDED")
    hidden = pages[0].presenter.pictures.result.sequence
    rigs.until(lambda: pages[0].presenter.pictures.result.sequence > hidden + 3)  # it goes on

    QTest.keyClick(window, Qt.Key.Key_1, _ALT)
    assert rigs.large == "roof"
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    assert rigs.large == "yard"
    menu = [action for action in pages[1].window.rigs.actions() if action.text() == "roof"]
    menu[0].trigger()
    assert rigs.large == "roof"

    QTest.keyClick(window, Qt.Key.Key_P)  # each has its own colours
    assert pages[0].state.palette != pages[1].state.palette

    QTest.keyClick(window, Qt.Key.Key_Q)
    assert not window.isVisible()  # all of it


def test_a_rig_whose_cameras_are_gone_says_so_until_they_are_back(rigs: Rigs) -> None:
    rigs.until(lambda: all(tile.words.value for tile in rigs.window.tiles))
    statuses = rigs.pages[1].receiver.session().statuses
    for name in ("capture.visible", "capture.thermal"):
        os.kill(statuses[name].pid, signal.SIGSTOP)

    rigs.until(lambda: rigs.tile(1).lost)

    told = rigs.tile(1)
    assert told.badge
    assert told.badge != "GUIDED"
    assert told.value == ""
    assert rigs.window.tiles[1].view.annotations.dimmed
    assert not rigs.tile(0).lost
    rigs.until(lambda: not rigs.tile(1).lost and rigs.tile(1).value)  # started again by itself


def test_one_rig_is_recorded_or_all(recorded_rigs: Rigs) -> None:
    rigs = recorded_rigs
    window, pages = rigs.window, rigs.pages
    rigs.until(lambda: all(tile.words.value for tile in window.tiles))
    rigs.until(lambda: all(page.presenter.take is not None for page in pages))

    QTest.keyClick(window, Qt.Key.Key_V)
    rigs.until(lambda: rigs.tile(0).recording)
    assert not rigs.tile(1).recording

    QTest.keyClick(window, Qt.Key.Key_V, _CTRL | Qt.KeyboardModifier.ShiftModifier)
    rigs.until(lambda: rigs.tile(0).recording and rigs.tile(1).recording)
    rigs.until(lambda: all(page.presenter.take.file for page in pages))
    assert window.qactions["record_all"].isChecked()
    seen = [page.presenter.pictures.result.sequence for page in pages]
    rigs.until(
        lambda: all(
            page.presenter.pictures.result.sequence > before + 15
            for page, before in zip(pages, seen, strict=True)
        )
    )
    QTest.keyClick(window, Qt.Key.Key_V, _CTRL | Qt.KeyboardModifier.ShiftModifier)
    rigs.until(lambda: not any(tile.words.recording for tile in window.tiles))

    files = sorted(rigs.videos.glob("*.mcap"))
    assert sorted(file.stem.rsplit(" ", 1)[1] for file in files) == ["roof", "yard"]
    assert all(RecordingReader(file).complete for file in files)
