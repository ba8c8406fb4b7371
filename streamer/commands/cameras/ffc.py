"""The command line's ffc: asks the thermal camera of a run for a shutter correction."""

import time
from typing import Annotated

import typer

from streamer.errors import CorefusionError
from streamer.messages import RunAction, RunCommand, SessionStatus, capture_process
from streamer.runtime.connection_file import find_run
from streamer.terminal.console import PlainConsole
from streamer.transport import Addresses, Endpoint, Policy, Publisher, Subscriber, wait_any

_CAMERA = capture_process("thermal")
_ANSWER_S = 10.0  # a camera is read at least every two seconds
_AGAIN_S = 1.0


class NoCorrectionError(CorefusionError):
    """The thermal camera of a run did not correct itself; says why."""


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("ffc")(ffc)


def ffc(
    run: Annotated[
        int | None, typer.Argument(metavar="PID", help="Of the run. [default: the newest]")
    ] = None,
) -> None:
    """Asks the thermal camera of a run under way to close its shutter and correct itself (FFC)."""
    asked = ask_for_correction(find_run(run))
    PlainConsole().print(f"{asked} corrects itself")


def ask_for_correction(addresses: Addresses) -> str:
    """Asks, and waits for the answer of the camera's process.

    Args:
        addresses: of the run.

    Returns:
        The camera's name.

    Raises:
        NoCorrectionError: it could not be asked, or does not answer.
    """
    deadline = time.monotonic() + _ANSWER_S
    before: int | None = None
    next_s = 0.0
    with (
        Subscriber(addresses, Endpoint.SESSION, Policy.EVERY) as session,
        Publisher(addresses, Endpoint.HEARTBEAT, bind=False) as commands,
    ):
        while (now_s := time.monotonic()) < deadline:
            wait_any([session], 50)
            while (message := session.receive()) is not None:
                if not isinstance(message, SessionStatus):
                    continue
                if _CAMERA not in message.processes:
                    raise NoCorrectionError("this run has no thermal camera that could be asked")
                status = message.statuses.get(_CAMERA)
                answer = None if status is None else status.correction
                if before is None:
                    before = message.corrections
                elif answer is not None and answer.number > before:
                    if answer.problem:
                        raise NoCorrectionError(answer.problem)
                    info = None if status is None else status.camera
                    return "the thermal camera" if info is None else info.name
                elif message.corrections > before:
                    next_s = deadline  # it is on its way
            if before is not None and now_s >= next_s:
                next_s = now_s + _AGAIN_S  # the first may have been sent before the line stood
                commands.send(RunCommand(RunAction.CORRECT))
    raise NoCorrectionError("the thermal camera does not answer")
