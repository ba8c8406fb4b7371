"""Another network while a run goes on, without processes: what is ordered, and what came of it."""

from types import SimpleNamespace
from typing import Any

import pytest

from streamer.clock import HostNs, StreamNs
from streamer.config.schema import Config, InferenceConfig
from streamer.messages import (
    NetworkAnswer,
    NetworkChange,
    NetworkChoice,
    NetworkUse,
    OrderState,
    ProcessState,
    Status,
)
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import WorkerRole
from streamer.supervision.metrics.network_log import NetworkLog
from streamer.supervision.requests.network_control import NetworkControl
from streamer.supervision.run_plan import RunPlan
from streamer.transport import Addresses

NOW = HostNs(5)
BEFORE = NetworkUse("fast:sensor", "openvino", "int8")
AFTER = NetworkUse("quality:benchmark", "openvino", "f32")


class Worker:
    """The worker's process, as far as its network is concerned."""

    def __init__(self, config: Config) -> None:
        self.spec = ProcessSpec(
            name="inference", config=config, addresses=Addresses("x"), role=WorkerRole()
        )
        self.final_error: str | None = None
        self.again = 0

    def start_after_all(self, now_ns: HostNs) -> None:
        self.final_error, self.again = None, self.again + 1

    @property
    def told(self) -> InferenceConfig:
        return self.spec.config.inference


@pytest.fixture
def worker() -> Worker:
    return Worker(Config())


def control(worker: Worker, **plan: Any) -> NetworkControl:
    supervisor: Any = SimpleNamespace(children={"inference": worker})
    return NetworkControl(supervisor, RunPlan(config=worker.spec.config, **plan), NetworkLog())


def answer(number: int, problem: str) -> Status:
    return Status(
        process="inference",
        pid=1,
        timestamp_ns=NOW,
        state=ProcessState.RUNNING,
        network=NetworkAnswer(number, problem),
    )


def made(order: int) -> NetworkChange:
    return NetworkChange(StreamNs(7), AFTER, BEFORE, order)


def test_the_order_names_all_and_is_used_once_a_result_was_made(worker: Worker) -> None:
    network = control(worker)
    network.take(NetworkChoice("quality:benchmark", precision="f32"))
    order = network.order
    assert order is not None
    assert order.choice == NetworkChoice("quality:benchmark", "auto", "f32", 1)
    assert order.state is OrderState.PREPARING
    assert worker.told.model == "fast:sensor"  # what it would be brought back with
    network.on_change(made(order.number))
    assert network.order is not None
    assert network.order.state is OrderState.USED
    assert (worker.told.model, worker.told.precision) == ("quality:benchmark", "f32")
    assert network.used == made(order.number)


def test_what_the_worker_cannot_follow_is_refused_and_the_next_begins_from_what_is_used(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    network = control(worker)
    network.take(NetworkChoice("nope"))
    network.on_status(answer(1, "model nope: no such checkpoint"))
    assert network.order is not None
    assert network.order.state is OrderState.REFUSED
    assert "no such checkpoint; the run goes on with fast:sensor" in caplog.text
    network.take(NetworkChoice(precision="f32"))
    assert network.order.choice == NetworkChoice("fast:sensor", "auto", "f32", 1)
    network.on_status(answer(1, "model nope: no such checkpoint"))  # of the one before
    assert network.order.state is OrderState.PREPARING


def test_one_choice_asked_twice_is_one_order_and_another_adds_to_it(worker: Worker) -> None:
    network = control(worker)
    for _ in range(2):
        network.take(NetworkChoice("quality:benchmark"))
    assert network.order is not None
    assert network.order.number == 1
    network.take(NetworkChoice(views=2))
    assert network.order.number == 2
    assert network.order.choice == NetworkChoice("quality:benchmark", "auto", "auto", 2)


@pytest.mark.parametrize(
    ("choice", "problem"),
    [
        (NetworkChoice(views=3), "inference.views: invalid enum value 3; 3 came"),
        (NetworkChoice(engine="abacus"), "inference.engine: invalid enum value 'abacus'"),
    ],
)
def test_what_no_configuration_could_say_is_refused_at_once(
    worker: Worker, choice: NetworkChoice, problem: str
) -> None:
    network = control(worker)
    network.take(choice)
    assert network.order is not None
    assert network.order.state is OrderState.REFUSED
    assert network.order.problem.startswith(problem)


def test_what_is_used_already_is_used(worker: Worker) -> None:
    network = control(worker)
    network.take(NetworkChoice("fast:sensor"))
    assert network.order is not None
    assert network.order.state is OrderState.USED


def test_a_run_that_keeps_its_network_says_so(worker: Worker) -> None:
    network = control(worker, rig="roof")
    network.take(NetworkChoice("quality:benchmark"))
    assert network.order is not None
    assert network.order.state is OrderState.REFUSED
    assert network.order.problem == "a run of several rigs keeps the network that it began with"


def test_a_worker_that_dies_before_a_result_comes_back_with_what_worked(worker: Worker) -> None:
    network = control(worker)
    network.take(NetworkChoice("quality:benchmark"))
    assert not network.poll({}, NOW)
    assert network.poll({"inference": "ended with SIGKILL"}, NOW)
    assert network.order is not None
    assert network.order.state is OrderState.REFUSED
    assert worker.told.model == "fast:sensor"
    network.on_change(made(1))  # on its way when it died: it was made after all
    assert network.order.state is OrderState.USED
    assert worker.told.model == "quality:benchmark"


def test_one_that_dies_later_comes_back_with_the_new_one_and_without_it_with_the_old_one(
    worker: Worker,
) -> None:
    network = control(worker)
    network.take(NetworkChoice("/a/best.safetensors"))
    network.on_change(made(1))
    assert not network.poll({"inference": "ended with SIGKILL"}, NOW)
    assert worker.told.model == "/a/best.safetensors"
    worker.final_error = "model /a/best.safetensors: no such checkpoint"
    assert network.poll({}, NOW)
    assert (worker.told.model, worker.again) == ("fast:sensor", 1)
    worker.final_error = "model fast:sensor: damaged"
    assert not network.poll({}, NOW)  # nothing is left that worked
    assert worker.final_error is not None
