"""What comes of a choice of another network, told once."""

from collections.abc import Callable

from gui.language import tr
from gui.state.panels.network_form import short_name
from gui.status.told import told
from streamer.messages import NetworkOrder, OrderState, SessionStatus


class NetworkPresenter:
    """Follows the newest order of a run.

    Args:
        say: puts a message into the readout line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._told: NetworkOrder | None = None

    def update(self, session: SessionStatus | None) -> None:
        """Takes the newest state of the run."""
        order = None if session is None else session.network_order
        if order is None or session is None or order == self._told:
            return
        self._told = order
        if order.state is OrderState.REFUSED:
            self._say(tr("Not changed: {why_not}", why_not=told(order.problem)))
        elif order.state is OrderState.PREPARING:
            model = short_name(order.choice.model)
            self._say(tr("Changing the network: {model} is made ready ...", model=model))
        else:
            used = None if session.network is None else session.network.network
            name = short_name(order.choice.model) if used is None else used.words
            self._say(tr("Results by {network} from now on", network=name))
