"""A recording's clock and this host's have nothing to do with each other.

Whatever time the recording was made at, the window shows the same mode, stamps and ages.
"""

import msgspec
import pytest

from gui.status.diagnosis import diagnose
from gui.status.run_status import RunStatus
from streamer.clock import NS_PER_MS, NS_PER_S, ClockReading, HostNs, StreamNs, now_ns
from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.messages import Mode, PlayerState, ProcessState, StreamState
from streamer.runtime.roles import ViewerRole
from streamer.transport import Endpoint
from tests.gui import feeder as make
from tests.gui.conftest import Viewer, wait_until
from tests.support.outlet import Outlet

HOUR_NS = 3600 * NS_PER_S
CLOCKS = {  # when a recording began, by its own clock, for a host that has been up for so long
    "1 s": lambda host_ns: NS_PER_S,
    "an hour before": lambda host_ns: max(host_ns - HOUR_NS, NS_PER_S),
    "an hour after": lambda host_ns: host_ns + HOUR_NS,
    "ten years after": lambda host_ns: host_ns + 10 * 365 * 24 * HOUR_NS,
}
HOST = 2 * HOUR_NS
STALE, LOST = StreamState.STALE, StreamState.LOST
STANDING = 1e-9  # a rate at which no test is too slow, though nothing is paused


@pytest.fixture(params=CLOCKS)
def start_of(request):
    return CLOCKS[request.param]


def player_at(start_ns, at_s, host_ns, **fields):
    return PlayerState(
        host_ns=HostNs(host_ns),
        media_ns=StreamNs(start_ns + round(at_s * NS_PER_S)),
        start_ns=StreamNs(start_ns),
        end_ns=StreamNs(start_ns + 60 * NS_PER_S),
        **{"rate": 1.0, "paused": False, "epoch": 0} | fields,
    )


class Judged:
    """A replay 10 s into its recording; statuses and sessions are of this very moment."""

    def __init__(self, start_ns):
        self._start_ns = start_ns

    def diagnose(self, result_age_ms, session, *, mode=Mode.GUIDED):
        """What is said of a result that was published so long ago, half a second after capture."""
        published_ns = self._start_ns + 10 * NS_PER_S - result_age_ms * NS_PER_MS
        result = make.result(mode=mode, at_ns=published_ns)
        result = msgspec.structs.replace(result, timestamp_ns=published_ns - 500 * NS_PER_MS)
        player = player_at(self._start_ns, 10, HOST)
        return diagnose(
            RunStatus(
                now_ns=HostNs(HOST),
                since_ns=HostNs(HOST - NS_PER_S),
                session=session,
                result=result,
                config=Config(),
                player=player,
                reading=ClockReading(HostNs(HOST), player.media_ns),
            )
        )


@pytest.fixture
def judged(start_of):
    return Judged(start_of(HOST))


def session(mode, at_ms=0.0, processes=None, **streams):
    at_ns = HOST + round(at_ms * NS_PER_MS)
    worker = make.worker_status(mode, timestamp_ns=at_ns, **streams)
    return make.session(processes, statuses=[worker], at_ns=at_ns)


@pytest.mark.parametrize(
    ("mode", "streams", "badge", "stamp"),
    [
        (Mode.GUIDED, {}, "GUIDED", ""),
        (Mode.THERMAL_ONLY, {"visible": LOST}, "THERMAL ONLY", ""),
        (Mode.HOLD, {"thermal": STALE}, "HOLD", "HELD, 0.6 s old"),
        (Mode.NO_SIGNAL, {"visible": LOST, "thermal": LOST}, "NO SIGNAL", "OLD PICTURE, 0.6 s"),
    ],
)
def test_a_status_newer_than_the_result_tells_the_mode(judged, mode, streams, badge, stamp):
    diagnosis = judged.diagnose(100, session(mode, **streams))
    assert (diagnosis.badge, diagnosis.stamp) == (badge, stamp)


def test_a_result_newer_than_the_status_tells_the_mode(judged):
    assert judged.diagnose(50, session(Mode.HOLD, -100, thermal=STALE)).badge == "GUIDED"


@pytest.mark.parametrize(("result_age_ms", "badge"), [(50, "GUIDED"), (200, "NETWORK RESTARTING")])
def test_a_result_after_a_restart_ends_the_trouble(judged, result_age_ms, badge):
    starting = make.health(ProcessState.STARTING, "loading", restarts=1)
    told = session(Mode.GUIDED, -100, processes={"inference": starting})
    assert judged.diagnose(result_age_ms, told).badge == badge


@pytest.fixture
def spec(spec):
    settings = ReplaySettings(path="/nowhere.mcap", cameras={})
    return msgspec.structs.replace(spec, role=ViewerRole(replay=settings))


@pytest.fixture
def clock(addresses):
    with Outlet(addresses, Endpoint.CLOCK) as clock:
        yield clock


@pytest.fixture
def viewer(spec, clock, feeder, qtbot, qapp):
    viewer = Viewer(spec, feeder, qtbot)
    wait_until(clock.listening)
    yield viewer
    viewer.receiver.close()


@pytest.mark.parametrize(
    ("mode", "badge", "stamp"),
    [
        (Mode.GUIDED, "GUIDED", ""),
        (Mode.HOLD, "HOLD", "HELD, 0.5 s old"),
        (Mode.NO_SIGNAL, "NO SIGNAL", "OLD PICTURE, 0.5 s"),
    ],
)
def test_the_window_shows_mode_and_age_of_the_recording(
    viewer, clock, start_of, mode, badge, stamp
):
    start_ns = start_of(now_ns())
    clock.send(player_at(start_ns, 10.5, now_ns(), rate=STANDING))
    viewer.until(lambda: viewer.receiver.player() is not None)
    told = make.session(statuses=[make.worker_status(mode)])
    viewer.feed(told, make.result(0, at_ns=start_ns + 10 * NS_PER_S))
    viewer.until(lambda: viewer.feeder.painted_ages_ms)
    assert viewer.window.header._badge.text() == badge
    assert viewer.large.annotations.stamp == stamp
    assert 500 <= viewer.feeder.painted_ages_ms[0] < 15_000
    assert viewer.window.playback_bar.time_text == "0:10.50 / 1:00.00"
