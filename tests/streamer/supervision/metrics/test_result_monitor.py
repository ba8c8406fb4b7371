from streamer.messages import Mode, ModeChange
from streamer.supervision.metrics.result_monitor import ResultMonitor
from tests.support.recordings import S, result, thermal


def test_a_result_that_overtakes_its_frames_is_scored_all_the_same() -> None:
    early, late = ResultMonitor(), ResultMonitor()
    for index in (0, 1, 2):
        frames = [thermal(index), thermal(index, "truth")]
        for frame in frames:
            early.add_source(frame)
        early.add_result(result(index), 10**9 + index)
        late.add_result(result(index), 10**9 + index)
        for frame in frames:
            late.add_source(frame)
    assert early.psnr_db() is not None
    assert early.psnr_db() == late.psnr_db()
    assert early.psnr_series() == late.psnr_series()


def test_changes_of_a_looped_replay_go_back_in_time_and_what_led_to_the_start_is_left_out():
    monitor = ResultMonitor(replayed=True)
    first = result(0)
    zero = first.published_ns
    monitor.add_change(ModeChange(zero - S, Mode.NO_SIGNAL, Mode.GUIDED, "start"))
    monitor.add_result(first, 77 * S)
    monitor.add_change(ModeChange(zero + 2 * S, Mode.GUIDED, Mode.HOLD, "stale"))
    monitor.add_change(ModeChange(zero - S // 2, Mode.HOLD, Mode.GUIDED, "sought back"))
    assert monitor.mode_changes() == [(2.0, "guided", "hold"), (-0.5, "hold", "guided")]


def test_a_live_run_is_judged_by_the_hosts_clock():
    monitor = ResultMonitor()
    first = result(0)
    arrived = first.published_ns + 3_000_000
    monitor.add_result(first, arrived)
    monitor.add_change(ModeChange(arrived + S, Mode.GUIDED, Mode.NO_SIGNAL, "died"))
    assert monitor.mode_changes() == [(1.0, "guided", "no_signal")]
    assert monitor.stage_ms()["transport"] == 3.0
    age = monitor.age_ms()
    assert age is not None
    assert age.max == 15.0
