"""Which network makes the results, where that changes while a run goes on."""

from enum import StrEnum

import msgspec

from streamer.clock import StreamNs


class NetworkChoice(msgspec.Struct, frozen=True):
    """What somebody asks for; what is left empty stays as it is.

    Attributes:
        model: a model's name, or the whole path of a checkpoint.
        engine: auto, openvino or torch.
        precision: auto, or one that the engine has.
        views: mirrored views averaged: 1, 2, 4 or 8; 0 leaves them as they are.
    """

    model: str = ""
    engine: str = ""
    precision: str = ""
    views: int = 0


class NetworkUse(msgspec.Struct, frozen=True):
    """A network as it is used.

    Attributes:
        model: its name.
        engine: what computes.
        precision: what that computes in.
        views: mirrored views averaged.
        model_sha256: digest of the weights; None of an interpolation.
        threads: CPU threads of the engine; None where nobody said.
    """

    model: str
    engine: str
    precision: str
    views: int = 1
    model_sha256: str | None = None
    threads: int | None = None

    @property
    def words(self) -> str:
        """In short, for people."""
        views = f", {self.views} views" if self.views > 1 else ""
        return f"{self.model} on {self.engine} {self.precision}{views}"


class OrderState(StrEnum):
    """Where an order of another network stands."""

    PREPARING = "preparing"  # it is made ready while the one before makes the results
    USED = "used"
    REFUSED = "refused"  # the run goes on with the one before; `problem` says why


class NetworkOrder(msgspec.Struct, frozen=True):
    """The newest order, told with the state of the session.

    Attributes:
        number: counts orders; the network that a run began with is none.
        choice: all of it, nothing left empty.
        state: where it stands.
        problem: why it was refused, in words; else empty.
    """

    number: int
    choice: NetworkChoice
    state: OrderState = OrderState.PREPARING
    problem: str = ""


class NetworkAnswer(msgspec.Struct, frozen=True):
    """What the worker says of an order that it cannot follow.

    Attributes:
        number: of the order.
        problem: why it cannot, in words.
    """

    number: int
    problem: str


class NetworkOffer(msgspec.Struct, frozen=True):
    """What a worker can be changed to on this machine, besides checkpoints.

    Attributes:
        models: their names.
        engines: `auto` and those that are installed.
        precisions: `auto` and those of any of these engines, the fastest first.
    """

    models: tuple[str, ...]
    engines: tuple[str, ...]
    precisions: tuple[str, ...]


class NetworkChange(msgspec.Struct, frozen=True, tag="network_change"):
    """The worker makes results with another network than before.

    Attributes:
        timestamp_ns: capture time of the first result made with it; what is later is as well.
        network: the new one.
        previous: the one before.
        order: number of the order that it follows; 0 where it follows none, as in a replay of a
            recording in which it changed.
    """

    timestamp_ns: StreamNs
    network: NetworkUse
    previous: NetworkUse
    order: int = 0
