import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is loaded by anything

import time

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from gui.controllers.actions.run_actions import RunActions
from gui.controllers.actions.viewer_actions import ViewerActions
from gui.controllers.model_results import shown_models
from gui.controllers.presenter import Presenter
from gui.controllers.receiver import Receiver
from gui.language import choose
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from gui.widgets.theme import apply_theme
from streamer.clock import HostNs
from streamer.config.schema import Config
from streamer.messages import FeatureRequest, ProcessState
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import ViewerRole
from tests.gui.feeder import Feeder
from tests.support.fake_session import DEADLINE_S


@pytest.fixture
def spec(addresses):
    return ProcessSpec(name="viewer", config=Config(), addresses=addresses, role=ViewerRole())


@pytest.fixture
def feeder(addresses):
    feeder = Feeder(addresses)
    yield feeder
    feeder.close()


def wait_until(condition, seconds=DEADLINE_S):
    """Until a condition holds; fails at the deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "deadline passed"
        time.sleep(0.002)


def run_until(qtbot, step, seconds=DEADLINE_S):
    """Lets Qt and other threads do their work until a step says so; fails at the deadline.

    A message is there within a millisecond or two, a timer within some tens.
    """
    deadline = time.monotonic() + seconds
    pause_ms = 1
    while not step():
        assert time.monotonic() < deadline, "deadline passed"
        qtbot.wait(pause_ms)
        pause_ms = min(2 * pause_ms, 10)


def open_both_ways(receiver, feeder):
    """What is published before a subscriber has joined is lost: goes on until nothing is any more.

    Without it the first heartbeat and the first request would come with their next turn only.
    """
    wait_until(feeder.heard)

    def knock(words):
        receiver.publish_status(ProcessState.STARTING, words, force=True)
        receiver._requests.send(FeatureRequest(words, until_ns=HostNs(0)))
        return feeder.listen()

    wait_until(lambda: knock("knock") and feeder.commands)
    knock("last")
    wait_until(lambda: feeder.listen()[-1].detail == "last" and feeder.commands[-1].name == "last")
    feeder.statuses.clear()
    feeder.commands.clear()


@pytest.fixture
def receiver(spec, feeder):
    receiver = Receiver(spec)
    wait_until(feeder.heard)
    yield receiver
    receiver.close()


@pytest.fixture(autouse=True)
def _own_settings(tmp_path):
    """Nobody's own preferences are read or changed."""
    scope = QSettings.Scope.UserScope
    QSettings.setPath(QSettings.Format.IniFormat, scope, str(tmp_path / "settings"))


class Viewer:
    """A whole window on real sockets, driven tick by tick."""

    def __init__(self, spec, feeder, qtbot):
        self.feeder, self._qtbot = feeder, qtbot
        self.state = ViewerState(plot_shown=False)
        replay = spec.role.replay
        models = len(shown_models(spec.config, replay))
        self.window = MainWindow(60.0, replay=replay is not None, models=models)
        qtbot.addWidget(self.window)
        self.receiver = Receiver(spec)
        open_both_ways(self.receiver, feeder)
        self.presenter = Presenter(spec.config, self.receiver, self.window, self.state)
        self.actions = ViewerActions(self.window, self.presenter, self.state)
        self.run_actions = RunActions(self.window, self.presenter, self.receiver)
        self.presenter.refresh()
        self.window.show()
        self.until(lambda: self.window.isActiveWindow() and feeder.statuses and feeder.commands)

    def until(self, condition):
        """Goes on until a condition holds."""

        def step():
            self.presenter.tick()
            self.feeder.listen()
            return bool(condition())

        run_until(self._qtbot, step)

    def shows_result(self, sequence):
        result = self.presenter.pictures.result
        return result is not None and result.sequence == sequence

    def feed(self, *messages):
        """Sends messages and goes on until the window has them."""
        self.feeder.send(*messages)
        sequences = [one.sequence for one in messages if hasattr(one, "mode")]
        times = [one.timestamp_ns for one in messages if hasattr(one, "processes")]

        def has_all():
            session = self.receiver.session()
            return all(map(self.shows_result, sequences[-1:])) and (
                not times or (session is not None and session.timestamp_ns == times[-1])
            )

        self.until(has_all)
        self.presenter.refresh()

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        """A key, on the window."""
        QTest.keyClick(self.window, key, modifier)

    def until_saved(self):
        """Until what has become of the snapshots is said."""
        self.until(lambda: not self.actions.snapshots._waiting)

    @property
    def large(self):
        return self.window.views[0]

    @property
    def notice(self):
        return self.large.annotations.notice


@pytest.fixture
def viewer(spec, feeder, qtbot, qapp):
    apply_theme(qapp)
    viewer = Viewer(spec, feeder, qtbot)
    yield viewer
    viewer.actions.close()
    viewer.receiver.close()


@pytest.fixture(autouse=True)
def _in_english():
    """Whatever language a test has taken, the next begins in that of the code."""
    yield
    choose(["en"])


@pytest.fixture
def german():
    """What is made from here on is in German."""
    assert choose(["de"]) == "de"
