from streamer.supervision.result_monitor import ResultMonitor
from tests.support.recordings import result, thermal


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
