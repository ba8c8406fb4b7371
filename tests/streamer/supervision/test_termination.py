"""When a run whose source has ended is over; the time is handed in."""

import pytest

from streamer.clock import NS_PER_S, HostNs, after
from streamer.config.recording import RecordSettings
from streamer.config.schema import Config
from streamer.messages import ProcessState, Status
from streamer.supervision.metrics.result_monitor import ResultMonitor
from streamer.supervision.processes.child import Child
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.supervision.termination import TerminationCheck
from streamer.transport import Addresses
from tests.support.recordings import result, thermal

START = HostNs(50 * NS_PER_S)


def at(seconds: float) -> HostNs:
    return after(START, round(seconds * NS_PER_S))


@pytest.fixture
def supervisor() -> Supervisor:
    """Of a run whose thermal source has ended with frame 9."""
    config = Config()
    supervisor = Supervisor(
        RunPlan(config=config, headless=True).process_specs(Addresses("x")), config.supervision
    )
    supervisor.children["capture.thermal"].status = Status(
        process="capture.thermal",
        pid=1,
        timestamp_ns=START,
        state=ProcessState.ENDED,
        last_sequence=thermal(9).sequence,
    )
    return supervisor


def check_of(supervisor: Supervisor, figures: ResultMonitor) -> TerminationCheck:
    plan = RunPlan(config=Config(), headless=True)
    return TerminationCheck(plan, supervisor, {"inference": figures}, START)


def test_a_slow_host_has_its_time_for_the_last_frames_of_a_file(supervisor: Supervisor) -> None:
    figures = ResultMonitor()
    check = check_of(supervisor, figures)
    for index in range(9):  # a result every 0.9 s, long after the source has ended
        figures.add_result(result(index), at(0.9 * index))
        assert not check.reached(at(0.9 * index + 0.8))
    figures.add_result(result(9), at(8.1))
    assert check.reached(at(8.2))


def test_a_last_frame_that_was_lost_is_not_waited_for_for_ever(supervisor: Supervisor) -> None:
    figures = ResultMonitor()
    check = check_of(supervisor, figures)
    assert not check.reached(START)
    figures.add_result(result(8), at(0.5))
    assert not check.reached(at(1.4))
    assert check.reached(at(1.6))


def test_a_worker_that_stands_still_is_not_taken_for_one_that_is_through(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = ResultMonitor()
    check = check_of(supervisor, figures)
    worker = supervisor.children["inference"]
    monkeypatch.setattr(type(worker), "alive", True)

    def reports(seconds: float) -> None:
        worker.status = Status(
            process="inference", pid=1, timestamp_ns=at(seconds), state=ProcessState.RUNNING
        )

    reports(0.4)
    assert not check.reached(START)
    figures.add_result(result(8), at(0.5))
    assert not check.reached(at(4.0))  # it has the last frame before it, and no turn
    reports(1.4)
    assert not check.reached(at(4.1))
    reports(1.6)  # it had its turns, and no frame to make anything of
    assert check.reached(at(4.2))


@pytest.mark.parametrize(
    ("bounds", "stands"), [(StopConditions(), True), (StopConditions(frames=999), False)]
)
def test_with_a_window_the_end_of_files_is_a_place_to_stand(
    supervisor: Supervisor, bounds: StopConditions, stands: bool
) -> None:
    figures = ResultMonitor()
    plan = RunPlan(config=Config(), bounds=bounds)
    check = TerminationCheck(plan, supervisor, {"inference": figures}, START)
    figures.add_result(result(9), at(0.1))
    assert check.reached(at(0.2)) is not stands
    assert check.at_end is stands
    check.begin_again()
    assert not check.at_end


def test_a_recorder_of_the_window_ends_no_run(supervisor: Supervisor) -> None:
    plan = RunPlan(config=Config())
    check = TerminationCheck(plan, supervisor, {"inference": ResultMonitor()}, START)
    order = RecordSettings(output="/a.mcap", recording="a")
    child = Child(plan.recorder_spec(order, Addresses("x")), Config().supervision)
    supervisor.children["recorder"] = child
    child.final_error = "recorder cannot write"
    assert not check.reached(START)
    child.final_error, child.ended = None, True
    assert not check.reached(START)
