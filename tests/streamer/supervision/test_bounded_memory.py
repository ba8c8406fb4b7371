"""What is kept of a run of days: as much as of a run of minutes."""

import tracemalloc

import msgspec
import numpy as np
import pytest

from streamer.clock import HostNs, StreamNs, after
from streamer.messages import Mode, ModeChange, ProcessState, Status
from streamer.supervision.metrics.mode_change_log import ModeChangeLog
from streamer.supervision.metrics.psnr_series import PsnrSeries
from streamer.supervision.metrics.result_monitor import ResultMonitor
from streamer.supervision.report import PsnrDb
from tests.support.recordings import MS, result, thermal

RNG = np.random.default_rng(6)


def feed(monitor: ResultMonitor, first: int, count: int) -> None:
    """Results as a live run gives them, with a change of mode and a painted one for each."""
    picture, source, truth = result(0), thermal(0), thermal(0, "truth")
    assert picture.thermal is not None
    for index in range(first, first + count):
        published_ns = StreamNs(picture.published_ns + index * 33 * MS)
        monitor.add_source(msgspec.structs.replace(source, sequence=index))
        monitor.add_source(msgspec.structs.replace(truth, sequence=index))
        monitor.add_result(
            msgspec.structs.replace(
                picture,
                sequence=index,
                timestamp_ns=after(published_ns, -float(RNG.lognormal(2.5, 0.6)) * MS),
                published_ns=published_ns,
                thermal=msgspec.structs.replace(picture.thermal, sequence=index),
                stage_ms={"infer": float(RNG.lognormal(2, 0.5)), "pair": 1.0},
            ),
            HostNs(published_ns + MS),
        )
        monitor.add_change(ModeChange(published_ns, Mode.GUIDED, Mode.HOLD, "stale"))
        monitor.add_painted(
            Status(
                process="viewer",
                pid=1,
                timestamp_ns=HostNs(published_ns),
                state=ProcessState.RUNNING,
                painted_age_ms=(float(RNG.lognormal(3, 0.4)),),
            )
        )


def test_a_result_more_takes_no_memory_more() -> None:
    monitor = ResultMonitor()
    feed(monitor, 0, 3000)
    tracemalloc.start()
    try:
        feed(monitor, 3000, 6000)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 6000 * 50  # lists of all values took some 300 bytes of each
    assert monitor.frames == monitor.painted == 9000
    assert monitor.mode_changes_left_out == 7000
    assert len(monitor.mode_changes()) == 1999  # the first came with the first result
    assert len(monitor.psnr_series()) == 297


def test_the_first_and_the_last_changes_of_mode_are_kept() -> None:
    log = ModeChangeLog()
    for index in range(2500):
        log.add(ModeChange(StreamNs(index), Mode.GUIDED, Mode.HOLD, ""))
    times = [change.timestamp_ns for change in log]
    assert times == [*range(1000), *range(1500, 2500)]
    assert log.left_out == 500


@pytest.mark.parametrize("hours", [1, 5])
def test_a_long_series_of_psnr_becomes_coarser_and_its_mean_stays(hours: int) -> None:
    series = PsnrSeries()
    ours = RNG.uniform(20, 40, hours * 3600 * 2)
    for index, db in enumerate(ours):
        series.add(index / 2, db, db - 3)
    step = 1 if hours == 1 else 8
    entries = series.entries()
    assert [at for at, _, _ in entries] == list(range(0, hours * 3600, step))
    means = ours.reshape(-1, 2 * step).mean(1)
    np.testing.assert_allclose([db for _, db, _ in entries], means, rtol=0, atol=0.001)
    assert series.mean() == PsnrDb(round(ours.mean(), 3), round(ours.mean() - 3, 3))


def test_a_replay_that_goes_back_before_its_start_has_a_series_too() -> None:
    series = PsnrSeries()
    series.add(-0.5, 30, 20)
    series.add(0.5, 40, 20)
    assert series.entries() == [(-1.0, 30, 20), (0.0, 40, 20)]
