import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.panes import Pane
from gui.state.playback.timeline import clock_text
from gui.state.shortcuts import available_actions
from gui.status.diagnosis import Severity
from gui.widgets.main_window import MainWindow
from gui.widgets.side.shortcuts_dialog import ShortcutsDialog
from gui.widgets.theme import SEVERITY_COLOURS
from streamer.clock import NS_PER_S, now_ns
from streamer.config.replay import ReplaySettings
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import Spot
from streamer.measuring.tool_set import ToolSet
from streamer.messages import (
    FrameFlag,
    Mode,
    ModeInterval,
    PlaybackAction,
    PlaybackCommand,
    PlayerState,
    RecordingTimeline,
    TimelineEvent,
)
from streamer.runtime.roles import ViewerRole
from streamer.transport import Endpoint, Policy, Subscriber
from tests.gui import feeder as make
from tests.gui.conftest import Viewer, wait_until
from tests.support.outlet import Outlet

START = 7_000 * NS_PER_S  # of another boot
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier
TIMELINE = RecordingTimeline(
    intervals=(
        ModeInterval(START, "guided"),
        ModeInterval(START + 2 * NS_PER_S, "thermal_only"),
        ModeInterval(START + 3 * NS_PER_S, "guided"),
    ),
    events=(TimelineEvent(START + 5 * NS_PER_S, "ffc", "the shutter closes"),),
)


class FakePlayer:
    """Says where it is, and writes down what it is wished."""

    def __init__(self, addresses):
        self._clock = Outlet(addresses, Endpoint.CLOCK)
        self._wishes = Subscriber(addresses, Endpoint.PLAYBACK_COMMAND, Policy.EVERY, bind=True)
        self.wishes = []
        self.start_ns = START

    def heard(self):
        return self._clock.listening() > 0

    def publish(self, at_s, *, paused=False, rate=1.0, **fields):
        self._clock.send(
            PlayerState(
                host_ns=now_ns(),
                media_ns=self.start_ns + round(at_s * NS_PER_S),
                rate=rate,
                paused=paused,
                start_ns=self.start_ns,
                end_ns=self.start_ns + 6 * NS_PER_S,
                **{"epoch": 0, "timeline": TIMELINE} | fields,
            )
        )

    def listen(self):
        while (wish := self._wishes.receive()) is not None:
            self.wishes.append(wish)
        return self.wishes

    def close(self):
        self._clock.close()
        self._wishes.close()


@pytest.fixture
def spec(spec):
    settings = ReplaySettings(path="/nowhere.mcap", cameras={})
    return msgspec.structs.replace(spec, role=ViewerRole(replay=settings))


@pytest.fixture
def player(addresses):
    player = FakePlayer(addresses)
    yield player
    player.close()


@pytest.fixture
def viewer(spec, player, feeder, qtbot, qapp):
    viewer = Viewer(spec, feeder, qtbot)
    wait_until(player.heard)
    press(viewer, Qt.Key.Key_BracketRight)
    viewer.until(player.listen)  # from here on what is wished comes at once
    yield viewer
    viewer.receiver.close()


def press(viewer, key, modifier=PLAIN):
    QTest.keyClick(viewer.window, key, modifier)


def stand(viewer, player, at_s, **fields):
    """The player stands still at a moment, and the viewer knows."""
    playback = viewer.presenter.playback
    moment = START + round(at_s * NS_PER_S)

    def known():
        player.publish(at_s, paused=True, **fields)
        said = playback.player
        shown = viewer.window.playback_bar.time_text.startswith(clock_text(at_s, 2))
        return said and said.media_ns == moment and said.paused and shown

    viewer.until(known)
    viewer.presenter.refresh()
    player.listen()
    player.wishes.clear()


def wished(viewer, player, count=1):
    viewer.until(lambda: len(player.listen()) >= count)
    taken = player.wishes[:]
    player.wishes.clear()
    return taken


def test_a_click_seeks_and_the_play_head_is_there_at_once(viewer, player):
    stand(viewer, player, 1.0)
    view = viewer.window.playback_bar.seek_bar
    x = round(view.x_of(START + 4 * NS_PER_S))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, 15))
    assert viewer.window.playback_bar.time_text.startswith(("0:03.9", "0:04.0"))
    (wish,) = wished(viewer, player)
    assert wish.kind is PlaybackAction.SEEK
    assert wish.value == pytest.approx(4.0, abs=0.02)
    stand(viewer, player, 1.5)  # the hand lets go: the player has the word
    viewer.until(lambda: viewer.window.playback_bar.time_text == "0:01.50 / 0:06.00")


def test_a_drag_ends_at_its_last_place(viewer, player):
    stand(viewer, player, 1.0)
    view = viewer.window.playback_bar.seek_bar
    left, right = round(view.x_of(START)), round(view.x_of(START + 6 * NS_PER_S))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(left, 15))
    for x in range(left, right + 40):  # past the end, too
        QTest.mouseMove(view, QPoint(x, 15))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(right + 40, 15))
    viewer.until(lambda: player.listen() and player.wishes[-1].value == pytest.approx(6.0))


def test_keys_become_wishes(viewer, player):
    stand(viewer, player, 2.5)
    press(viewer, Qt.Key.Key_Space)
    assert wished(viewer, player) == [PlaybackCommand(PlaybackAction.RESUME)]
    for key, modifier, wish in (
        (Qt.Key.Key_Right, PLAIN, PlaybackCommand(PlaybackAction.STEP, 1)),
        (Qt.Key.Key_Left, PLAIN, PlaybackCommand(PlaybackAction.STEP, -1)),
        (Qt.Key.Key_Right, SHIFT, PlaybackCommand(PlaybackAction.SEEK, 3.0)),
        (Qt.Key.Key_Home, PLAIN, PlaybackCommand(PlaybackAction.SEEK, 0.0)),
        (Qt.Key.Key_End, PLAIN, PlaybackCommand(PlaybackAction.SEEK, 6.0)),
        (Qt.Key.Key_BracketRight, PLAIN, PlaybackCommand(PlaybackAction.RATE, 2.0)),
        (Qt.Key.Key_BracketLeft, PLAIN, PlaybackCommand(PlaybackAction.RATE, 0.5)),
        (Qt.Key.Key_R, PLAIN, PlaybackCommand(PlaybackAction.LOOP, 1)),
    ):
        stand(viewer, player, 2.5)
        press(viewer, key, modifier)
        assert wished(viewer, player) == [wish]
    player.publish(2.5, loop=True)
    viewer.until(lambda: not viewer.presenter.playback.paused)
    press(viewer, Qt.Key.Key_Space)
    press(viewer, Qt.Key.Key_R)
    assert wished(viewer, player, 2) == [
        PlaybackCommand(PlaybackAction.PAUSE),
        PlaybackCommand(PlaybackAction.LOOP, 0),
    ]


def test_no_step_that_comes_fast_is_lost(viewer, player):
    stand(viewer, player, 2.5)
    for _ in range(10):
        press(viewer, Qt.Key.Key_Right)
    viewer.until(lambda: sum(wish.value for wish in player.listen()) == 10)


def test_a_key_goes_to_the_mark_before(viewer, player):
    stand(viewer, player, 3.2)
    press(viewer, Qt.Key.Key_Left, SHIFT)
    assert wished(viewer, player)[-1].value == pytest.approx(3.0)


def test_without_chapters_the_player_looks_for_marks(viewer, player):
    stand(viewer, player, 2.5, timeline=None)
    viewer.receiver.timeline = None
    stand(viewer, player, 2.5, timeline=None)
    press(viewer, Qt.Key.Key_Left, SHIFT)
    assert wished(viewer, player) == [PlaybackCommand(PlaybackAction.MARK, -1)]


def test_the_rate_menu_and_the_buttons(viewer, player):
    stand(viewer, player, 2.5, rate=0.25)
    bar = viewer.window.playback_bar
    viewer.until(lambda: bar._rate.text() == "0.25 ×")
    bar._rate.menu().actions()[-1].trigger()
    assert wished(viewer, player) == [PlaybackCommand(PlaybackAction.RATE, 10)]
    viewer.window.qactions["play"].trigger()
    assert wished(viewer, player) == [PlaybackCommand(PlaybackAction.RESUME)]


def test_a_and_b_become_wishes(viewer, player):
    for key, wish in (
        (Qt.Key.Key_A, PlaybackCommand(PlaybackAction.SET_LOOP_START, 2.5)),
        (Qt.Key.Key_B, PlaybackCommand(PlaybackAction.SET_LOOP_END, 2.5)),
        (Qt.Key.Key_C, PlaybackCommand(PlaybackAction.CLEAR_LOOP_RANGE)),
    ):
        stand(viewer, player, 2.5, part=(START + NS_PER_S, START + 4 * NS_PER_S))
        press(viewer, key, SHIFT)
        assert wished(viewer, player) == [wish]
    stand(viewer, player, 2.5)
    viewer.until(
        lambda: not viewer.window.qactions["clear_loop_range"].isEnabled()
    )  # nothing to take away


def test_a_and_b_are_moved_by_hand_and_seen(viewer, player):
    part = (START + 2 * NS_PER_S, START + 4 * NS_PER_S)
    stand(viewer, player, 3.0, part=part)
    view = viewer.window.playback_bar.seek_bar
    image = view.grab().toImage()
    inside, outside = (
        image.pixelColor(round(view.x_of(START + round(at_s * NS_PER_S))), 17)
        for at_s in (3.5, 1.0)
    )
    assert inside == SEVERITY_COLOURS[Severity.OK]
    assert outside.lightness() < inside.lightness()
    flag, wanted = (QPoint(round(view.x_of(at)), 27) for at in (part[1], part[1] + NS_PER_S))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=flag)
    QTest.mouseMove(view, wanted)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=wanted)
    wishes = [wish for wish in wished(viewer, player) if wish.kind is not PlaybackAction.THUMBNAIL]
    assert [wish.kind for wish in wishes] == [PlaybackAction.SET_LOOP_END]
    assert wishes[0].value == pytest.approx(5.0, abs=0.02)


def test_a_press_outside_of_the_part_goes_to_its_end(viewer, player):
    stand(viewer, player, 3.0, part=(START + 2 * NS_PER_S, START + 4 * NS_PER_S))
    view = viewer.window.playback_bar.seek_bar
    x = round(view.x_of(START + 5 * NS_PER_S))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, 15))
    assert viewer.window.playback_bar.time_text.startswith("0:04.00")
    assert wished(viewer, player)[0].value == pytest.approx(4.0)


@pytest.fixture
def thumbnails(addresses):
    publisher = Outlet(addresses, Endpoint.THUMBNAIL)
    yield publisher
    publisher.close()


def test_pointing_shows_a_small_picture_of_that_moment(viewer, player, thumbnails, qapp):
    wait_until(thumbnails.listening)
    stand(viewer, player, 1.0)
    qapp.processEvents()  # the time beside the scale has taken its room
    bar = viewer.window.playback_bar
    view = bar.seek_bar
    at_ns = START + 5 * NS_PER_S
    QTest.mouseMove(view, QPoint(round(view.x_of(at_ns)), 15))
    viewer.until(
        lambda: player.listen() and player.wishes[-1].value == pytest.approx(5.0, abs=0.02)
    )
    assert {wish.kind for wish in player.wishes} == {PlaybackAction.THUMBNAIL}
    small = msgspec.structs.replace(make.thermal(), stream="thumbnail", timestamp_ns=at_ns)
    thumbnails.send(small)
    viewer.until(lambda: bar._thumbnail.image_ns == at_ns)
    assert bar._thumbnail.isVisible()
    assert any("the shutter closes" in line for line in bar._thumbnail._lines)
    pictured = bar._thumbnail.grab().toImage()
    assert len({pictured.pixel(x, 60) for x in range(20, 150, 5)}) > 10
    right = bar._thumbnail.geometry().right()
    assert right < viewer.window.width()
    QTest.mouseMove(view, QPoint(round(view.x_of(START)), 15))  # far from there: another picture
    assert bar._thumbnail.image_ns is None
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.x_of(START)), 15))
    assert not bar._thumbnail.isVisible()  # the moment is to be seen large
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.x_of(START)), 15))
    assert not bar._thumbnail.isVisible()
    QTest.mouseMove(view, QPoint(round(view.x_of(START)) + 30, 15))
    assert bar._thumbnail.isVisible()
    view.leaveEvent(None)
    assert not bar._thumbnail.isVisible()


def test_bands_have_the_colours_of_the_badge(viewer, player):
    stand(viewer, player, 0.0)
    view = viewer.window.playback_bar.seek_bar
    viewer.until(lambda: view._timeline.recording == TIMELINE)
    image = view.grab().toImage()
    for at_s, severity in ((1.0, Severity.OK), (2.5, Severity.CAUTION), (4.0, Severity.OK)):
        x = round(view.x_of(START + round(at_s * NS_PER_S)))
        assert image.pixelColor(x, 17) == SEVERITY_COLOURS[severity]
    x = round(view.x_of(START + 5 * NS_PER_S))
    assert image.pixelColor(x, 4) != image.pixelColor(x - 20, 4)  # the mark


@pytest.mark.parametrize(("ended", "badge"), [(False, "PAUSED"), (True, "END")])
@pytest.mark.parametrize("mode", [Mode.GUIDED, Mode.HOLD, Mode.NO_SIGNAL])
def test_the_badge_says_that_time_stands(viewer, player, mode, ended, badge):
    told = make.session(statuses=[make.worker_status(mode)])
    stand(viewer, player, 2.5, ended=ended)
    viewer.feed(told, make.result(0, at_ns=START + 2 * NS_PER_S))
    viewer.presenter.refresh()
    assert viewer.presenter.diagnosis.badge == f"{badge} · THERMAL ONLY"  # as recorded
    assert viewer.large.annotations.stamp == ""
    assert viewer.notice is None
    assert not viewer.large.annotations.dimmed


def test_what_is_no_measurement_is_none_while_time_stands(viewer, player):
    stand(viewer, player, 2.5)
    told = make.session(statuses=[make.worker_status(Mode.VISIBLE_ONLY)])
    viewer.feed(told, make.result(0, mode=Mode.VISIBLE_ONLY, at_ns=START + 2 * NS_PER_S))
    assert viewer.large.annotations.stamp == "NOT A MEASUREMENT"


HELD = RecordingTimeline(
    (ModeInterval(START, "guided"), ModeInterval(START + 2 * NS_PER_S, "hold")), ()
)


def test_a_paused_replay_shows_the_mode_of_that_moment(viewer, player):
    """A jump into a closed shutter: held, as it was recorded, and marked on both pictures."""
    stand(viewer, player, 2.6, epoch=1, timeline=HELD)
    viewer.until(lambda: viewer.presenter.playback.recorded_mode is Mode.HOLD)
    closed = msgspec.structs.replace(
        make.thermal(), timestamp_ns=START + round(2.6 * NS_PER_S), flags=(FrameFlag.FFC,)
    )
    told = make.session(statuses=[make.worker_status(Mode.NO_SIGNAL)])
    viewer.feed(told, closed, make.result(0, at_ns=START + 2 * NS_PER_S))
    assert viewer.presenter.diagnosis.badge == "PAUSED · HOLD"
    assert viewer.large.annotations.stamp == "HELD, 0.6 s old"
    raw = viewer.window.views[2]
    viewer.until(lambda: raw.annotations.stamp == "SHUTTER")
    press(viewer, Qt.Key.Key_2)  # the raw one stays where it is
    guess = make.result(1, mode=Mode.VISIBLE_ONLY, at_ns=START + round(2.6 * NS_PER_S))
    viewer.feed(guess)
    result = viewer.window.views[viewer.state.slots.index(Pane.RESULT)]
    assert result.annotations.stamp == "NOT A MEASUREMENT"


def test_a_jump_leaves_no_picture_of_another_moment(viewer, player):
    stand(viewer, player, 1.0, epoch=1)
    old = msgspec.structs.replace(make.thermal(), timestamp_ns=START + NS_PER_S)
    viewer.feeder.send(old)
    viewer.until(lambda: Pane.THERMAL in viewer.presenter.pictures.frames)
    stand(viewer, player, 6.0, epoch=2)
    assert Pane.THERMAL not in viewer.presenter.pictures.frames
    viewer.until(lambda: viewer.window.views[2].annotations.empty == "no picture yet")
    assert viewer.window.views[2]._image.isNull()


@pytest.mark.parametrize("start_s", [1, 10**9], ids=["young", "old"])
def test_ages_are_the_recordings(viewer, player, start_s):
    """Whichever of the two hosts has been up for longer, the one recorded on or this one."""
    player.start_ns = start_s * NS_PER_S
    player.publish(2.5, rate=0.001, epoch=1)
    viewer.until(lambda: (at := viewer.presenter.playback.player) and at.epoch == 1)
    told = make.session(statuses=[make.worker_status(Mode.HOLD)])
    viewer.feed(told, make.result(0, at_ns=player.start_ns + 2 * NS_PER_S))
    assert viewer.presenter.diagnosis.badge == "HOLD"
    assert viewer.large.annotations.stamp == "HELD, 0.5 s old"
    assert "the recording has no new picture" in viewer.notice.lines[0]


def test_the_help_sheet_has_the_keys_and_fits_a_small_screen(viewer):
    sheet = ShortcutsDialog(viewer.window, available_actions(replay=True))
    assert sheet.sizeHint().height() < 700
    assert "freeze" not in viewer.window.qactions
    keys = [key for action in available_actions(replay=True) for key in action.keys]
    assert len(keys) == len(set(keys))


def test_a_live_run_has_no_bar(qtbot):
    window = MainWindow(60.0)
    qtbot.addWidget(window)
    assert window.playback_bar is None
    assert window.qactions["freeze"].shortcut().toString() == "Space"


def test_a_recording_opens_with_its_tools_and_they_can_be_changed(viewer, player):
    spot = Spot(name="motor", points=((0.5, 0.5),))
    recorded = ToolSet(tools=(spot,), parameters=ObjectParameters(emissivity=0.9))
    with_tools = msgspec.structs.replace(TIMELINE, measuring=recorded)
    stand(viewer, player, 1.0, timeline=with_tools)
    assert viewer.state.measuring.tools == recorded
    viewer.feed(make.session(), make.result(0))
    assert viewer.large.annotations.tools[0].labels[0].startswith("motor  ")
    press(viewer, Qt.Key.Key_C)
    stand(viewer, player, 2.0, timeline=with_tools)
    assert viewer.state.measuring.tools.tools == (), "what was taken away stays away"
