import msgspec
import numpy as np
import pytest

from gui.panes import Pane
from streamer.clock import NS_PER_MS, now_ns
from streamer.config.replay import ReplaySettings
from streamer.messages import Mode, PlayerState, ProcessState
from streamer.runtime.roles import ViewerRole
from streamer.transport import Endpoint
from tests.gui import feeder as make
from tests.gui.conftest import Viewer, wait_until
from tests.support.outlet import Outlet


@pytest.fixture
def spec(spec):
    settings = ReplaySettings(path="/nowhere.mcap", cameras={}, compare="bicubic")
    return msgspec.structs.replace(spec, role=ViewerRole(replay=settings))


class Second:
    """The second worker, and the player."""

    def __init__(self, addresses):
        self._results = Outlet(addresses, Endpoint.COMPARE)
        self._clock = Outlet(addresses, Endpoint.CLOCK)
        self.start_ns = now_ns()

    def heard(self):
        return self._results.listening() > 0 and self._clock.listening() > 0

    def send(self, result):
        self._results.send(result)

    def jump(self, epoch, paused=True):
        now = now_ns()
        self._clock.send(
            PlayerState(
                host_ns=now,
                media_ns=now,
                rate=1.0,
                paused=paused,
                epoch=epoch,
                start_ns=self.start_ns,
                end_ns=self.start_ns + 3_600_000 * NS_PER_MS,
            )
        )

    def close(self):
        self._results.close()
        self._clock.close()


@pytest.fixture
def second(addresses):
    second = Second(addresses)
    yield second
    second.close()


@pytest.fixture
def viewer(spec, second, feeder, qtbot, qapp):
    viewer = Viewer(spec, feeder, qtbot)
    wait_until(second.heard)
    second.jump(0, paused=False)  # the player's time is known
    viewer.until(lambda: viewer.receiver.player() is not None)
    yield viewer
    viewer.receiver.close()


def second_picture(viewer):
    return viewer.presenter.pictures.picture(Pane.RESULT, viewer.state, 1)


def told(**of_second):
    workers = [make.worker_status(), make.status("compare", mode=Mode.GUIDED, **of_second)]
    return make.session(processes={"compare": make.health()}, statuses=workers)


def show_both(viewer, feeder, second, sequence=0, at_ns=None, warmer=0):
    """A frame of which the second model makes something that much warmer (counts)."""
    at_ns = at_ns or now_ns()
    feeder.send(told(model="quality:benchmark", engine="openvino", precision="f32", views=4))
    feeder.send(make.result(sequence, at_ns=at_ns))
    second.send(make.result(sequence, pixels=make.scene() + np.uint16(warmer), at_ns=at_ns))
    viewer.until(
        lambda: (
            viewer.shows_result(sequence)
            and viewer.presenter.pictures.results[1] is not None
            and viewer.presenter.pictures.results[1].sequence == sequence
            and viewer.receiver.session() is not None
        )
    )
    viewer.presenter.refresh()


def test_two_pictures_with_their_names_and_one_span(viewer, feeder, second):
    show_both(viewer, feeder, second, warmer=300)
    large, other = viewer.large, viewer.window.large_views[1]
    assert large.annotations.caption.startswith("A  fast:sensor  ·  openvino int8")
    assert other.annotations.caption.startswith("B  quality:benchmark  ·  openvino f32 4 views")
    assert large.size() == other.size()
    first, two = viewer.presenter.large_picture(), second_picture(viewer)
    assert first.span == two.span
    assert first.table is two.table
    assert np.array_equal(two.counts, first.counts + 300)
    assert other.annotations.marks
    viewer.state.locked = None
    viewer.window.qactions["narrow_span"].trigger()
    assert second_picture(viewer).span == viewer.presenter.large_picture().span != two.span
    viewer.window.qactions["next_palette"].trigger()
    assert second_picture(viewer).table is viewer.presenter.large_picture().table


def test_a_place_is_read_in_both(viewer, feeder, second):
    show_both(viewer, feeder, second, warmer=300)
    read = viewer.window.control_bar._readout
    assert read.text().startswith("A hottest")
    assert "B hottest" in read.text()
    viewer.window.large_views[1].hovered.emit((0.5, 0.5))  # over either of them
    viewer.presenter.refresh()
    assert read.text().endswith("B minus A +3.00 K")
    viewer.window.large_views[1].pressed.emit(0.5, 0.5)
    viewer.window.large_views[1].released.emit(0.5, 0.5)
    labels = [view.annotations.tools[0].labels[0] for view in viewer.window.large_views]
    assert labels == ["Sp1  36.0 °C SR", "Sp1  39.0 °C SR"]


def test_no_value_is_compared_with_another_pane(viewer, feeder, second):
    show_both(viewer, feeder, second)
    feeder.send(make.visible())
    viewer.until(lambda: Pane.VISIBLE in viewer.presenter.pictures.frames)
    viewer.window.qactions["large_visible"].trigger()
    assert "carries no temperatures" in viewer.window.control_bar._readout.text()
    assert not viewer.window.large_views[1]._image.isNull()


def test_an_ended_second_network_is_seen_and_the_first_goes_on(viewer, feeder, second):
    show_both(viewer, feeder, second)
    dead = make.health(ProcessState.STARTING, "starting again", 0, alive=False)
    feeder.send(make.session(processes={"compare": dead}, statuses=[make.worker_status()]))
    for sequence in range(1, 4):
        feeder.send(make.result(sequence))
    viewer.until(lambda: viewer.shows_result(3))
    viewer.presenter.refresh()
    words = viewer.window.large_views[1].annotations
    assert words.notice.title.startswith("The network's process ended")
    assert words.dimmed
    assert words.stamp.startswith("OLD PICTURE")
    assert words.caption == "B  bicubic"
    assert viewer.notice is None
    assert not viewer.large.annotations.dimmed
    assert viewer.presenter.diagnosis.badge == "GUIDED"


def test_one_that_is_behind_says_so(viewer, feeder, second):
    at_ns = now_ns()
    show_both(viewer, feeder, second, at_ns=at_ns)
    feeder.send(make.result(1, at_ns=at_ns + 900 * NS_PER_MS))
    viewer.until(lambda: viewer.shows_result(1))
    viewer.presenter.refresh()
    assert viewer.window.large_views[1].annotations.stamp == "0.9 s BEHIND"
    assert viewer.large.annotations.stamp == ""


def test_a_jump_back_shows_its_frame_in_both(viewer, feeder, second):
    second.jump(0)
    viewer.until(lambda: viewer.receiver.player() is not None)
    at_ns = now_ns()
    show_both(viewer, feeder, second, 5, at_ns=at_ns)
    second.jump(1)
    viewer.until(lambda: viewer.presenter._epoch == 1)
    show_both(viewer, feeder, second, 6, at_ns=at_ns - 10_000 * NS_PER_MS)
    assert viewer.presenter.pictures.results[1].sequence == 6
    assert viewer.presenter.diagnosis.badge == "PAUSED · GUIDED"


def test_before_its_first_picture_it_says_so(viewer, feeder, second):
    feeder.send(told(model="bicubic"))
    feeder.send(make.result(0))
    viewer.until(lambda: viewer.shows_result(0))  # it is not waited for
    viewer.presenter.refresh()
    assert viewer.window.large_views[1].annotations.empty == "no picture yet"
