"""Another network while a run goes on, as its window or the command line asks for it.

The worker makes it ready beside the one that it uses, and says what came of it. Told to a worker
that is started again is the last one that has made a result: one that takes the worker with it
before that is refused.
"""

import logging
from collections.abc import Container
from typing import Any

import msgspec

from streamer.clock import HostNs
from streamer.config.loading import in_words
from streamer.config.schema import InferenceConfig
from streamer.messages import (
    NetworkChange,
    NetworkChoice,
    NetworkOrder,
    OrderState,
    Status,
)
from streamer.supervision.metrics.network_log import NetworkLog
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.run_plan import RunPlan

log = logging.getLogger(__name__)

WORKER = "inference"


class NetworkControl:
    """What was asked for, and what is used.

    Attributes:
        order: the newest; None before the first.
        used: the newest change that the worker told of.

    Args:
        supervisor: of the run's processes.
        plan: of the run.
        told: where changes are noted for the report.
    """

    def __init__(self, supervisor: Supervisor, plan: RunPlan, told: NetworkLog) -> None:
        self.order: NetworkOrder | None = None
        self.used: NetworkChange | None = None
        self._supervisor = supervisor
        self._used = self._asked = plan.config.inference
        self._before: InferenceConfig | None = None  # that worked, should the present one be gone
        self._never = plan.keeps_network
        self._told = told

    def take(self, choice: NetworkChoice) -> None:
        """Asks the worker for a network, unless it is the one that is used or on its way."""
        preparing = self.order is not None and self.order.state is OrderState.PREPARING
        number = 1 if self.order is None else self.order.number + 1
        plain = msgspec.to_builtins(self._asked) | _named(choice)
        try:
            asked = msgspec.convert(plain, InferenceConfig)
        except msgspec.ValidationError as error:
            problem = f"inference.{in_words(error, plain)}"
            self._set(NetworkOrder(number, choice, OrderState.REFUSED, problem))
            return
        if preparing and asked == self._asked:
            return
        self._asked = asked
        whole = _choice_of(asked)
        if self._never:
            self._set(NetworkOrder(number, whole, OrderState.REFUSED, self._never))
        elif asked == self._used:
            self._set(NetworkOrder(number, whole, OrderState.USED))
        else:
            self._set(NetworkOrder(number, whole))

    def on_change(self, change: NetworkChange) -> None:
        """The worker has made a result with another network."""
        self.used = change
        self._told.add(change)
        order = self.order
        if order is None or change.order != order.number:
            return
        plain = msgspec.to_builtins(self._used) | _named(order.choice)
        self._before, self._used = self._used, msgspec.convert(plain, InferenceConfig)
        self._asked = self._used
        self._tell(self._used)
        self._set(msgspec.structs.replace(order, state=OrderState.USED, problem=""))

    def on_status(self, status: Status) -> None:
        """Takes the worker's answer, if it has one."""
        answer, order = status.network, self.order
        if status.process != WORKER or answer is None or order is None:
            return
        if answer.number == order.number and order.state is OrderState.PREPARING:
            self._refuse(answer.problem)

    def poll(self, happened: Container[str], now_ns: HostNs) -> bool:
        """Looks whether the worker has ended; whether there is something to be told of it.

        Args:
            happened: who has just ended, and is started again.
            now_ns: the present.
        """
        child = self._supervisor.children.get(WORKER)
        ended = child is not None and child.final_error is not None
        told = False
        if (ended or WORKER in happened) and self._preparing:
            self._refuse("the worker ended while this network was made ready")
            told = True
        if child is not None and ended and self._before is not None:
            log.warning("%s; the network before is used again", child.final_error)
            self._used, self._before = self._before, None
            self._asked = self._used
            self._tell(self._used)
            child.start_after_all(now_ns)
            told = True
        return told

    @property
    def _preparing(self) -> bool:
        return self.order is not None and self.order.state is OrderState.PREPARING

    def _refuse(self, problem: str) -> None:
        assert self.order is not None  # who refuses one
        self._asked = self._used
        self._set(msgspec.structs.replace(self.order, state=OrderState.REFUSED, problem=problem))

    def _set(self, order: NetworkOrder) -> None:
        self.order = order
        if order.state is OrderState.REFUSED:
            log.warning("%s; the run goes on with %s", order.problem, self._used.model)

    def _tell(self, settings: InferenceConfig) -> None:
        """What a worker that is started again is told."""
        child = self._supervisor.children.get(WORKER)
        if child is not None:
            config = msgspec.structs.replace(child.spec.config, inference=settings)
            child.spec = msgspec.structs.replace(child.spec, config=config)


def _named(choice: NetworkChoice) -> dict[str, Any]:
    """What of it is not left empty."""
    return {name: value for name, value in msgspec.structs.asdict(choice).items() if value}


def _choice_of(settings: InferenceConfig) -> NetworkChoice:
    return NetworkChoice(settings.model, settings.engine, settings.precision, settings.views)
