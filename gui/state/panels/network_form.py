"""Which network can be chosen while the run goes on, and what came of the last choice. No Qt."""

import msgspec

from gui.language import mark, tr
from gui.status.run_status import RunStatus
from gui.status.told import told
from streamer.messages import NetworkOffer, OrderState

VIEWS = (1, 2, 4, 8)

_LOADING = mark("The network is still being loaded.")
_KEPT = mark("This run keeps the network that it began with.")
_READYING = mark("{model} is made ready; until then the results are those of {used}.")
_REFUSED = mark("Not changed: {why_not}")


class NetworkForm(msgspec.Struct, frozen=True):
    """What the boxes hold.

    Attributes:
        offer: what there is to choose; None where nothing can be chosen.
        model: the one that is used now; empty while that is not known.
        engine: of it.
        precision: of it.
        views: of it.
        words: what is to be said of it; empty where all is as it was asked for.
    """

    offer: NetworkOffer | None = None
    model: str = ""
    engine: str = ""
    precision: str = ""
    views: int = 1
    words: str = ""


def network_form(run: RunStatus) -> NetworkForm:
    """The form of a moment.

    Args:
        run: as the first model's worker has it: another one beside it, in a comparison, is kept.
    """
    status = run.status(run.worker)
    if status is None or status.model is None:
        return NetworkForm(words=tr(_LOADING))
    return NetworkForm(
        offer=status.networks,
        model=status.model,
        engine=status.engine or "",
        precision=status.precision or "",
        views=status.views,
        words=tr(_KEPT) if status.networks is None else order_words(run, status.model),
    )


def order_words(run: RunStatus, used: str) -> str:
    """How the newest order stands; empty where it is followed, or there is none.

    Args:
        run: as the worker has it.
        used: the name of the model that makes the results.
    """
    order = None if run.session is None else run.session.network_order
    if order is None or order.state is OrderState.USED:
        return ""
    if order.state is OrderState.REFUSED:
        return tr(_REFUSED, why_not=told(order.problem))
    return tr(_READYING, model=short_name(order.choice.model), used=used)


def short_name(model: str) -> str:
    """A model for people: of a checkpoint's path, its last two names."""
    return "/".join(model.rsplit("/", 2)[-2:])
