"""The network and what it runs on."""

import numpy as np

from gui.state.panels.model import model_sections
from gui.status.run_status import RunStatus
from streamer.clock import NS_PER_S, ClockReading, HostNs, live_stream
from streamer.config.schema import Config, InferenceConfig
from streamer.messages import ProcessState
from tests.gui import feeder as make

NOW = HostNs(1_000 * NS_PER_S)


def run(worker="inference", statuses=(), **inference):
    return RunStatus(
        now_ns=NOW,
        since_ns=NOW,
        session=make.session(statuses=statuses) if statuses else None,
        result=None,
        config=Config(inference=InferenceConfig(**inference)),
        reading=ClockReading(NOW, live_stream(NOW)),
        worker=worker,
    )


def test_the_network_is_told_as_its_worker_has_it():
    worker = make.worker_status(views=4, threads=2, model_sha256="0123456789abcdef" * 4)
    result = make.result(at_ns=NOW, pixels=np.zeros((480, 640), np.uint16))
    (network,) = model_sections([run(statuses=[worker], rate="visible")], [result])
    assert dict(network.lines) == {
        "state": "running",
        "model": "fast:sensor",
        "weights (SHA-256)": "0123456789ab",
        "engine": "openvino",
        "precision": "int8",
        "views": "4",
        "threads": "2",
        "size of results": "640 x 480",
        "brought back to the measurement": "on",
        "rate of pictures": "the visible camera's",
    }


def test_before_it_is_loaded_it_says_what_is_loaded():
    status = make.status("inference", state=ProcessState.STARTING, detail="loading paper")
    (network,) = model_sections([run(statuses=[status], model="paper")], [None])
    assert dict(network.lines) == {
        "state": "starting: loading paper",
        "model": "paper, not loaded yet",
    }


def test_two_models_have_a_section_each():
    statuses = [make.worker_status(), make.worker_status(process="compare", model="bilinear")]
    runs = [run(statuses=statuses), run("compare", statuses)]
    first, second = model_sections(runs, [None, None])
    assert (first.title, second.title) == ("Network A", "Network B")
    assert dict(second.lines)["model"] == "bilinear"
