"""The command line's model: which network a run under way uses, and another one for it."""

import time
from pathlib import Path
from typing import Annotated

import typer

from streamer.commands.parsing.options import Engine, Precision
from streamer.errors import CorefusionError
from streamer.messages import (
    NetworkChoice,
    NetworkOrder,
    NetworkUse,
    OrderState,
    RunAction,
    RunCommand,
    SessionStatus,
)
from streamer.paths import PathKind, kind_of
from streamer.runtime.connection_file import find_run
from streamer.terminal.console import PlainConsole
from streamer.transport import Addresses, Endpoint, Policy, Publisher, Subscriber, wait_any

_WORKER = "inference"
_ANSWER_S = 10.0  # the state of the run is published several times a second
_READY_S = 180.0  # a large network, compiled for the first time on a slow machine
_AGAIN_S = 1.0


class NetworkChangeError(CorefusionError):
    """A run does not use another network; says why."""


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("model")(model)


def model(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME|CHECKPOINT", help="Another network. [default: as it is]"),
    ] = None,
    engine: Engine = None,
    precision: Precision = None,
    views: Annotated[
        int | None, typer.Option(metavar="1|2|4|8", help="Mirrored views averaged.")
    ] = None,
    run: Annotated[
        int | None, typer.Option("--run", metavar="PID", help="Of the run. [default: the newest]")
    ] = None,
) -> None:
    """Changes the network of a run under way, or says which one it uses; the run goes on."""
    addresses = find_run(run)
    choice = NetworkChoice(_whole(name or ""), engine or "", precision or "", views or 0)
    if choice == NetworkChoice():
        PlainConsole().print(f"{used_by(addresses).words}")
    else:
        PlainConsole().print(f"{change_network(addresses, choice).words} from now on")


def used_by(addresses: Addresses) -> NetworkUse:
    """The network that a run uses.

    Raises:
        NetworkChangeError: it does not say.
    """
    deadline = time.monotonic() + _ANSWER_S
    with Subscriber(addresses, Endpoint.SESSION, Policy.EVERY) as session:
        while time.monotonic() < deadline:
            told = _newest(session)
            if told is not None and (use := _use_of(told)) is not None:
                return use
    raise NetworkChangeError("this run has no network that makes results yet")


def change_network(addresses: Addresses, choice: NetworkChoice) -> NetworkUse:
    """Asks for another network, and waits until results are made with it.

    Args:
        addresses: of the run.
        choice: what is wanted; paths are whole ones.

    Returns:
        What is used then.

    Raises:
        NetworkChangeError: it is refused, and the run goes on with the one before, or nothing
            comes of it.
    """
    heard_s = begun_s = time.monotonic()
    before: int | None = None
    next_s: float | None = 0.0  # when it is asked again; None once it is on its way
    with (
        Subscriber(addresses, Endpoint.SESSION, Policy.EVERY) as session,
        Publisher(addresses, Endpoint.HEARTBEAT, bind=False) as commands,
    ):
        while (now_s := time.monotonic()) < begun_s + _READY_S:
            told = _newest(session)
            if told is None:
                if now_s > heard_s + _ANSWER_S:
                    raise NetworkChangeError("this run does not answer, or has ended")
                continue
            heard_s, order = now_s, told.network_order
            if before is None:
                before = 0 if order is None else order.number
            if order is not None and order.number > before:
                next_s = None
                if (use := _outcome(order, told)) is not None:
                    return use
            elif next_s is not None and now_s >= next_s:
                next_s = now_s + _AGAIN_S  # the first may have been sent before the line stood
                commands.send(RunCommand(RunAction.NETWORK, network=choice))
    raise NetworkChangeError(
        f"no result has been made with it within {_READY_S:.0f} s; it is used once it is ready"
    )


def _outcome(order: NetworkOrder, told: SessionStatus) -> NetworkUse | None:
    """What an order has led to; None while it is under way."""
    if order.state is OrderState.REFUSED:
        raise NetworkChangeError(order.problem)
    return _use_of(told) if order.state is OrderState.USED else None


def _newest(session: Subscriber) -> SessionStatus | None:
    wait_any([session], 50)
    newest: SessionStatus | None = None
    while (message := session.receive()) is not None:
        newest = message if isinstance(message, SessionStatus) else newest
    return newest


def _use_of(told: SessionStatus) -> NetworkUse | None:
    """What is used: of the newest change, or as the worker reports it."""
    worker = told.statuses.get(_WORKER)
    if told.network is not None:
        return told.network.network
    if worker is None or worker.model is None:
        return None
    return NetworkUse(worker.model, worker.engine or "", worker.precision or "", worker.views)


def _whole(name: str) -> str:
    """A checkpoint's path as the run finds it, which was started in another folder."""
    path = Path(name)
    return str(path.resolve()) if name and kind_of(path) is PathKind.FILE else name
