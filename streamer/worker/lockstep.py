"""Lockstep with a player: each step is done, and answered, before the next one comes."""

import threading
import time
from collections.abc import Callable, Mapping

from streamer.errors import CorefusionError
from streamer.messages import Message, Step, StepDone
from streamer.runtime.process import ProcessSpec
from streamer.transport import Endpoint, Policy, Publisher, Subscriber
from streamer.worker.stepping import Arrival

_TURN_MS = 20
_LATE_S = 60.0  # a frame travels beside its step; its player may stand still between the two


class LockstepError(CorefusionError):
    """A frame that has not come: without it every later one would be taken for another."""


def keep_step(
    spec: ProcessSpec,
    frames: Mapping[str, Subscriber],
    do: Callable[[Step, Arrival | None], StepDone],
    report: Callable[[], None],
    stop: threading.Event,
) -> None:
    """Takes steps until told to stop.

    Args:
        spec: of the process.
        frames: where those of each stream come.
        do: does all that a step calls for; it is given the frame that the step is about.
        report: says that this process lives.
        stop: tells it to end.

    Raises:
        LockstepError: a frame was lost.
    """
    done: StepDone | None = None
    with (
        Subscriber(spec.addresses, Endpoint.CLOCK, Policy.EVERY, reader=spec.name) as steps,
        Publisher(spec.addresses, Endpoint.ANSWER) as answers,
    ):
        while not stop.is_set():
            step = steps.receive(_TURN_MS)
            if isinstance(step, Step):
                if done is None or step.number > done.number:  # else it is asked once more
                    arrival = None
                    if step.stream is not None:
                        frame = _awaited(frames[step.stream], report, stop)
                        if frame is None:
                            return
                        arrival = Arrival(step.stream, frame)
                    done = do(step, arrival)
                answers.send(done)
            report()


def _awaited(
    subscriber: Subscriber, report: Callable[[], None], stop: threading.Event
) -> Message | None:
    """The next frame of a stream; None when told to stop."""
    deadline_s = time.monotonic() + _LATE_S
    while not stop.is_set():
        message = subscriber.receive(_TURN_MS)
        if message is not None:
            return message
        if time.monotonic() > deadline_s:
            raise LockstepError(
                f"a frame of {subscriber.endpoint} got lost on its way to the worker"
            )
        report()
    return None
