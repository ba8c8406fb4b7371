import msgspec
import pytest

from gui.panes import Pane
from gui.status.alignment import distance_line, drift_line, drift_lines
from gui.status.diagnosis import Severity, diagnose
from gui.status.run_status import RunStatus
from gui.status.told import told
from gui.status.wording import ordinal, seconds
from streamer.clock import NS_PER_S, ClockReading, HostNs, after, live_stream
from streamer.config.schema import CameraConfig, CaptureConfig, Config
from streamer.messages import (
    AlignmentState,
    FollowedDistance,
    FollowedDrift,
    Mode,
    ProcessState,
    StreamState,
)
from tests.gui import feeder as make

NOW = HostNs(50 * NS_PER_S)
STARTING, WAITING, FAILED = ProcessState.STARTING, ProcessState.WAITING, ProcessState.FAILED


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch):
    monkeypatch.setattr(make, "now_ns", lambda: NOW)


def judge(session=None, result=None, waited_s=1.0, after_s=0.0, config=None):
    now = after(NOW, round(after_s * NS_PER_S))
    return diagnose(
        RunStatus(
            now_ns=now,
            since_ns=now - round(waited_s * NS_PER_S),
            session=session,
            result=result,
            config=config or Config(),
            reading=ClockReading(now, live_stream(now)),
        )
    )


def shown():
    return make.result(at_ns=NOW - 30_000_000)  # before the worker's next heartbeat


def words(diagnosis):
    return "\n".join((diagnosis.notice.title, *diagnosis.notice.lines))


def degraded(mode, **streams):
    return judge(make.session(statuses=[make.worker_status(mode, **streams)]), shown())


def test_all_is_well():
    diagnosis = judge(make.session(), shown())
    assert (diagnosis.badge, diagnosis.severity) == ("GUIDED", Severity.OK)
    assert diagnosis.notice is None
    assert not diagnosis.dimmed


def test_before_anybody_has_spoken():
    assert "Connecting" in words(judge())
    diagnosis = judge(waited_s=6.0)
    assert diagnosis.severity is Severity.ERROR
    assert "supervisor for 6.0 s" in words(diagnosis)


def test_starting_says_who_is_at_what():
    compiling = make.status("inference", state=STARTING, detail="compiling for 640x480")
    processes = {"capture.visible": make.health(STARTING, "opening /dev/video2")}
    diagnosis = judge(make.session(processes, [compiling], started=False))
    assert diagnosis.badge == "STARTING"
    assert "Network: compiling for 640x480" in words(diagnosis)
    assert "Visible camera: opening /dev/video2" in words(diagnosis)


def test_a_missing_camera_is_named_with_its_error_and_what_to_do():
    camera = make.status("capture.thermal", state=WAITING, detail="no such device")
    diagnosis = judge(make.session({}, [camera], started=False))
    assert diagnosis.badge == "WAITING FOR CAMERA"
    assert diagnosis.notice.lines[:2] == (
        "Thermal camera (sim): no such device",
        "Plug it in; it is tried again every second.",
    )


def test_visible_lost():
    diagnosis = degraded(Mode.THERMAL_ONLY, visible=StreamState.LOST)
    assert (diagnosis.badge, diagnosis.severity) == ("THERMAL ONLY", Severity.CAUTION)
    assert "Visible camera (sim) has sent no new picture" in words(diagnosis)
    assert "Temperatures stay true" in words(diagnosis)
    assert diagnosis.stale[Pane.VISIBLE].startswith("LOST")
    assert Pane.THERMAL not in diagnosis.stale


def test_no_visible_camera_configured_is_no_fault():
    camera = CameraConfig(source="none", width=640, height=480, rate_hz=30.0)
    session = make.session(statuses=[make.worker_status(Mode.THERMAL_ONLY)])
    diagnosis = judge(session, shown(), config=Config(capture=CaptureConfig(visible=camera)))
    assert diagnosis.badge == "THERMAL ONLY"
    assert diagnosis.notice is None


def test_held():
    session = make.session(statuses=[make.worker_status(Mode.HOLD, thermal=StreamState.STALE)])
    diagnosis = judge(session, shown(), after_s=0.7)
    assert (diagnosis.badge, diagnosis.severity) == ("HOLD", Severity.HELD)
    assert diagnosis.stamp == "HELD, 0.7 s old"


def test_shutter():
    diagnosis = degraded(Mode.HOLD, thermal=StreamState.FFC)
    assert "Shutter closed (calibrating)" in words(diagnosis)


def test_thermal_lost():
    diagnosis = degraded(Mode.VISIBLE_ONLY, thermal=StreamState.LOST)
    assert (diagnosis.badge, diagnosis.severity) == ("VISIBLE ONLY", Severity.RELATIVE)
    assert diagnosis.stamp == "NOT A MEASUREMENT"
    assert "no temperatures" in words(diagnosis)


def test_no_signal_names_both():
    both = [make.worker_status(Mode.NO_SIGNAL, StreamState.LOST, StreamState.LOST)]
    diagnosis = judge(make.session(statuses=both), shown())
    assert diagnosis.badge == "NO SIGNAL"
    assert diagnosis.dimmed
    assert "Visible camera" in words(diagnosis)
    assert "Thermal camera" in words(diagnosis)
    assert diagnosis.stamp.startswith("OLD PICTURE")


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (make.health(STARTING, "starting again", 0, False), "starting it again (1st time)"),
        (make.health(STARTING, "starting again", 1, False), "starting it again (2nd time)"),
        (make.health(STARTING, "loading fast:sensor", 2), "starting it again (2nd time)"),
        (make.health(FAILED, "no such model", 0, False), "The network cannot go on"),
    ],
)
def test_worker_gone(health, said):
    session = make.session({"inference": health}, [make.status("viewer")])
    diagnosis = judge(session, shown(), after_s=0.2)
    assert said in words(diagnosis)
    assert diagnosis.dimmed
    assert diagnosis.severity is Severity.ERROR


def test_a_network_that_stands_still_is_noticed_before_it_is_ended():
    old = make.result(at_ns=NOW - 2_500_000_000)
    diagnosis = judge(make.session(), old)
    assert "makes no new pictures" in words(diagnosis)
    assert diagnosis.dimmed
    held = make.session(statuses=[make.worker_status(Mode.HOLD)])
    assert judge(held, old).badge == "HOLD"
    replayed = make.session({"player": make.health()})
    assert judge(replayed, old).badge == "GUIDED"  # it may be paused


def test_advice_for_both_cameras_is_given_once():
    both = [
        make.status(name, state=WAITING, detail=f"{name} is not there")
        for name in ("capture.visible", "capture.thermal")
    ]
    lines = judge(make.session({}, both, started=False)).notice.lines
    assert len([line for line in lines if line.startswith("Plug it in")]) == 1
    assert lines[2].startswith("Plug it in")


def test_a_worker_that_came_back_is_no_trouble():
    diagnosis = judge(make.session({"inference": make.health(restarts=2)}), shown())
    assert diagnosis.badge == "GUIDED"


def test_a_result_after_the_restart_ends_the_trouble_before_the_next_heartbeat():
    starting = make.health(STARTING, "loading", 1)
    session = make.session({"inference": starting}, [make.status("viewer")])
    assert judge(session, make.result(at_ns=NOW + 1), after_s=0.1).badge == "GUIDED"


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (make.health(STARTING, "", 0, False), "its process ended; starting it again (1st time)"),
        (make.health(FAILED, "no such file", 0, False), "It is not tried again"),
        (make.health(ProcessState.ENDED, "", 0, False), "come to their end"),
    ],
)
def test_camera_process_gone(health, said):
    worker = make.worker_status(Mode.THERMAL_ONLY, visible=StreamState.LOST)
    diagnosis = judge(make.session({"capture.visible": health}, [worker]), shown())
    assert said in words(diagnosis)


def test_supervisor_silent():
    diagnosis = judge(make.session(), shown(), after_s=3.0)
    assert "no longer supervised" in words(diagnosis)
    assert diagnosis.dimmed


def test_a_result_newer_than_the_heartbeat_tells_the_mode():
    session = make.session(statuses=[make.worker_status(Mode.THERMAL_ONLY)])
    assert judge(session, make.result(at_ns=NOW + 1), after_s=0.1).badge == "GUIDED"


def test_words():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102)] == (
        ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd"]
    )
    assert [seconds(ms) for ms in (430, 12_000, 200_000)] == ["0.4 s", "12 s", "3 min"]


def aligned(mode=Mode.GUIDED, **alignment):
    worker = msgspec.structs.replace(
        make.worker_status(mode), alignment=AlignmentState(calibrated=True, **alignment)
    )
    return judge(make.session(statuses=[worker]), shown())


def test_a_visible_picture_that_has_drifted_is_told():
    assert aligned(agreement=0.4, drift_px=(0.0, 0.0)).notice is None
    diagnosis = aligned(agreement=0.2, drift_px=(-8.0, 4.0))
    assert (diagnosis.badge, diagnosis.severity) == ("GUIDED", Severity.OK)
    assert "8 px to the left and 4 px down" in words(diagnosis)


def test_a_calibration_that_is_refused_says_why_there_is_no_guide():
    diagnosis = aligned(Mode.THERMAL_ONLY, refused="the calibration mirrors the visible picture")
    assert diagnosis.badge == "THERMAL ONLY"
    assert "The calibration mirrors the visible picture." in words(diagnosis)


def test_what_a_process_says_is_told_in_the_language_of_the_window(german):
    assert told("/dev/video7 is not there; cameras here: none") == (
        "/dev/video7 ist nicht da; vorhandene Kameras: keine"
    )
    assert told("loading fast:sensor") == "lädt fast:sensor"
    assert told("something else went wrong") == "something else went wrong"


def test_a_calibration_that_is_not_used_is_told_with_its_reason():
    diagnosis = aligned(agreement=0.4, declined="the calibration mirrors the visible picture")
    assert diagnosis.badge == "GUIDED"
    assert diagnosis.notice.title == "The new calibration is not used"
    assert diagnosis.notice.lines == (
        "The calibration mirrors the visible picture.",
        "The one before stays in use.",
    )


def test_a_distance_that_follows_the_scene_is_a_line_of_the_health_panel():
    followed = AlignmentState(calibrated=True, distance=FollowedDistance(7.71, 6, 2))
    worker = msgspec.structs.replace(make.worker_status(), alignment=followed)
    run = RunStatus(
        now_ns=NOW,
        since_ns=NOW,
        session=make.session(statuses=[worker]),
        result=None,
        config=Config(),
        reading=ClockReading(NOW, live_stream(NOW)),
    )
    assert distance_line(run) == (
        ("distance, follows the scene", "7.71 m, moved 6 times, unsure 2 times"),
    )
    assert distance_line(msgspec.structs.replace(run, session=make.session())) == ()


def test_a_drift_that_is_taken_out_is_a_line_of_the_health_panel_and_needs_no_hand():
    drifts = AlignmentState(
        calibrated=True, agreement=0.3, drift_px=(8.0, 0.0), drift=FollowedDrift((2.0, -1.25), 3)
    )
    worker = msgspec.structs.replace(make.worker_status(), alignment=drifts)
    run = RunStatus(
        now_ns=NOW,
        since_ns=NOW,
        session=make.session(statuses=[worker]),
        result=None,
        config=Config(),
        reading=ClockReading(NOW, live_stream(NOW)),
    )
    assert drift_line(run) == (
        ("drift, taken out", "+2.0, -1.2 px, moved 3 times, unsure 0 times"),
    )
    assert drift_lines(run)[-1] == "It is moved back, slowly."
    assert drift_line(msgspec.structs.replace(run, session=make.session())) == ()
