import msgspec
import numpy as np
import pytest

from gui.panes import Pane
from gui.state.pane_images import Pictures
from gui.state.rigs.tile import RunEnd, SmallPicture, end_of, hottest_of, tile_of
from gui.state.viewer_state import ViewerState
from gui.status.diagnosis import Severity, diagnose
from gui.status.run_status import RunStatus
from streamer.clock import NS_PER_S, ClockReading, live_stream, now_ns
from streamer.config.schema import Config
from streamer.messages import Mode, ProcessState, Take, TakeState
from streamer.thermal.scale import Unit
from tests.gui import feeder as make


@pytest.fixture
def now():
    return now_ns()


def run_at(now, session, result):
    reading = ClockReading(now, live_stream(now))
    return RunStatus(
        now_ns=now, since_ns=now, session=session, result=result, config=Config(), reading=reading
    )


def tile(run, over=None):
    return tile_of(run, diagnose(run), "36.6 °C", over)


def test_a_rig_at_work_tells_its_mode_its_hottest_and_its_age(now):
    run = run_at(now, make.session(at_ns=now), make.result(at_ns=now - NS_PER_S // 10))
    told = tile(run)
    assert (told.badge, told.severity, told.value, told.age) == (
        "GUIDED",
        Severity.OK,
        "36.6 °C",
        "0.1 s",
    )
    assert not told.lost
    assert not told.recording


def test_a_rig_without_cameras_has_a_word_an_age_and_no_value(now):
    lost = make.worker_status(mode=Mode.NO_SIGNAL, timestamp_ns=now)
    run = run_at(
        now, make.session(statuses=[lost], at_ns=now), make.result(at_ns=now - 9 * NS_PER_S)
    )
    told = tile(run)
    assert told.badge == "NO SIGNAL"
    assert told.lost
    assert (told.value, told.age) == ("", "9.0 s")


def test_before_its_first_picture_a_rig_has_none(now):
    told = tile(run_at(now, None, None))
    assert (told.lost, told.value, told.age) == (True, "", "")


def test_a_run_that_is_over_says_why(now):
    told = tile(
        run_at(now, make.session(), make.result()),
        over=RunEnd("capture.thermal could not go on", True),
    )
    assert (told.badge, told.severity, told.lost) == ("OVER", Severity.ERROR, True)
    assert told.tip == "capture.thermal could not go on"


def test_the_end_is_told_by_the_runs_state():
    gone = make.health(ProcessState.ENDED, "the run is over", alive=False)
    failed = make.health(ProcessState.FAILED, "no such camera", alive=False)
    assert end_of(None) is None
    assert end_of(make.session()) is None
    assert end_of(make.session({"viewer": gone})) == RunEnd("This rig's run is over.", False)
    assert end_of(make.session({"viewer": gone, "capture.thermal": failed})) == RunEnd(
        "no such camera", True
    )


def test_a_recording_is_seen_in_the_strip(now):
    session = make.session(at_ns=now)
    result = make.result(at_ns=now)
    for take, told in ((Take(TakeState.RECORDING, now), True), (Take(), False), (None, False)):
        run = run_at(now, msgspec.structs.replace(session, take=take), result)
        assert tile(run).recording is told


def test_the_hottest_is_in_the_users_unit(now):
    pictures, state = Pictures(), ViewerState()
    assert hottest_of(pictures, state) == ""
    pictures.accept_result(make.result(pixels=make.kelvin_counts(np.full((48, 64), 36.6))), now)
    assert hottest_of(pictures, state) == "36.6 °C"
    state.unit = Unit.FAHRENHEIT
    assert hottest_of(pictures, state) == "97.9 °F"
    pictures.accept_result(make.result(mode=Mode.VISIBLE_ONLY), now)
    assert hottest_of(pictures, state) == ""


def test_a_small_picture_has_the_colours_of_the_large_one(now):
    pictures, state = Pictures(), ViewerState()
    pixels = make.kelvin_counts(np.full((480, 640), 20.0))
    pixels[:, 320:] = make.kelvin_counts(40.0)
    pictures.accept_result(make.result(pixels=pixels), now)
    picture = pictures.picture(Pane.RESULT, state)
    large = pictures.colours(picture, 640)
    small = SmallPicture().colours(picture, 160)
    assert small.shape == (120, 160)
    assert small[60, 10] == large[240, 40]
    assert small[60, 150] == large[240, 600]
    wide = SmallPicture().colours(picture, 2000)  # never larger than it is
    assert wide.shape == (480, 640)
