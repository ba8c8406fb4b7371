"""Results and what they are scored by, over real sockets."""

import time
from collections.abc import Iterator

import pytest

from streamer.supervision.worker_monitor import WorkerMonitor
from streamer.transport import Addresses, Endpoint, Publisher
from tests.support.fake_session import DEADLINE_S
from tests.support.recordings import result, thermal

RESULTS = 30


@pytest.fixture
def worker(addresses: Addresses) -> Iterator[WorkerMonitor]:
    """A monitor that has been away for as long as a worker takes for RESULTS results."""
    publisher = Publisher(addresses, Endpoint.SR)
    worker = WorkerMonitor("inference", Endpoint.SR, replayed=True)
    socket = worker.open(addresses)
    deadline = time.monotonic() + DEADLINE_S
    while not publisher.has_readers(["supervisor"]):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for index in range(RESULTS):
        publisher.send(result(index))
    yield worker
    socket.close()
    publisher.close()


def test_results_that_piled_up_are_scored_all_the_same(worker: WorkerMonitor) -> None:
    deadline = time.monotonic() + DEADLINE_S
    taken = []
    while worker.figures.frames < RESULTS:
        assert time.monotonic() < deadline
        worker.poll()
        taken.append(worker.figures.frames)
    assert taken[0] < RESULTS / 2, "others are to have their turn in between"
    for index in range(RESULTS):
        worker.add_source(thermal(index))
        worker.add_source(thermal(index, "truth"))
    scored = WorkerMonitor("inference", Endpoint.SR, replayed=True).figures
    for index in range(RESULTS):
        scored.add_source(thermal(index))
        scored.add_source(thermal(index, "truth"))
        scored.add_result(result(index), worker.figures.last_ns)
    assert worker.figures.psnr_db() == scored.psnr_db() is not None
    assert worker.figures.psnr_series() == scored.psnr_series()
