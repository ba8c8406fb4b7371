"""Which network makes the next result: the one a run began with, an ordered or a recorded one."""

import logging

import msgspec

from streamer.clock import StreamNs
from streamer.config.networks import TimedNetwork, network_at
from streamer.config.schema import InferenceConfig
from streamer.errors import CorefusionError
from streamer.messages import (
    NetworkAnswer,
    NetworkChange,
    NetworkOffer,
    NetworkOrder,
    OrderState,
    SessionStatus,
)
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import WorkerRole
from streamer.worker.networks.loading import predictor_of
from streamer.worker.networks.preparation import Preparation
from streamer.worker.networks.readying import ReadyNetwork
from streamer.worker.networks.use import offered, use_of
from streamer.worker.sockets import in_lockstep
from streamer.worker.super_resolution import SuperResolver

log = logging.getLogger(__name__)


class NetworkSwitch:
    """Follows the orders of a session, each from the first result on that it is ready for.

    Args:
        settings: of the network that the run began with.
        resolver: what makes the results.
        changes: of a replay: which network the recording was made with from when on.
        live: whether frames are of now: their times then say which network made which result.
        listens: whether it takes orders.
        offers: whether somebody looks at what can be ordered.

    Attributes:
        offer: what can be ordered; None where it takes no orders, or nobody looks.
        answer: to the newest order, where that cannot be followed.
    """

    def __init__(
        self,
        settings: InferenceConfig,
        resolver: SuperResolver,
        changes: tuple[TimedNetwork, ...] = (),
        *,
        live: bool,
        listens: bool,
        offers: bool = False,
    ) -> None:
        # what the processor can do is asked of OpenVINO, of which a run may have no other use
        self.offer: NetworkOffer | None = offered() if listens and offers else None
        self.answer: NetworkAnswer | None = None
        self._first, self._changes = settings, changes
        self._used = settings
        self._resolver = resolver
        self._live = live
        self._listens = listens
        self._told = use_of(resolver.predictor)  # what the run knows of
        self._seen = 0  # number of the newest order that was looked at
        self._wanted: NetworkOrder | None = None
        self._preparation: tuple[NetworkOrder, Preparation] | None = None
        self._ready: tuple[NetworkOrder, ReadyNetwork] | None = None
        self._known: dict[InferenceConfig, ReadyNetwork] = {}
        self._newest_ns = StreamNs(-1)
        self._began = False

    @property
    def waits(self) -> bool:
        """Whether a network is ready that has made no result yet."""
        return self._ready is not None

    def follow(self, session: SessionStatus) -> None:
        """Takes the newest state of the run; of several orders the newest counts."""
        if not self._listens:
            return
        if not self._began:
            self._began = True
            if session.network is not None:  # of an earlier life of this worker
                self._told = session.network.network
        order = session.network_order
        if order is not None and order.number != self._seen:
            self._seen = order.number
            self._wanted = order if order.state is OrderState.PREPARING else None
            self._ready = None
        self._prepare()

    def begin(self, moment_ns: StreamNs) -> NetworkChange | None:
        """Begins a result; what makes it from now on, where the run knows of another.

        Live, an order is followed by the first result that is later than all others: then its
        capture time says of each result which network made it.

        Args:
            moment_ns: its capture time.
        """
        order = 0
        if self._ready is not None and (not self._live or moment_ns > self._newest_ns):
            ordered, ready = self._ready
            self._ready, order = None, ordered.number
            self._first = self._used = _settings_of(ordered, self._first)
            self._changes = ()  # what is asked for holds for every moment of a replay
            self._known.clear()
            self._resolver.use(ready)
        elif self._changes:
            self._follow_recording(network_at(moment_ns, self._first, self._changes))
        self._newest_ns = max(self._newest_ns, moment_ns)
        return self._change(moment_ns, order)

    def close(self) -> None:
        """Lets go of what is under way."""
        if self._preparation is not None:
            self._preparation[1].leave()

    def _change(self, moment_ns: StreamNs, order: int) -> NetworkChange | None:
        used = use_of(self._resolver.predictor)
        if used == self._told and not order:
            return None
        before, self._told = self._told, used
        log.info("%s makes the results from now on, %s before", used.words, before.words)
        return NetworkChange(moment_ns, used, before, order)

    def _prepare(self) -> None:
        """Begins what is wanted, once nothing else is under way, and takes what is ready."""
        if self._preparation is not None and self._preparation[1].done:
            order, done = self._preparation
            self._preparation = None
            if order.number == self._seen:
                self._take(order, done)
        if self._wanted is not None and self._preparation is None:
            order, self._wanted = self._wanted, None
            settings = _settings_of(order, self._first)
            log.info("%s is made ready", order.choice.model)
            done = Preparation(settings, self._resolver.sizes, self._resolver.alone)
            self._preparation = order, done

    def _take(self, order: NetworkOrder, done: Preparation) -> None:
        try:
            self._ready = order, done.result()
        except CorefusionError as error:
            self.answer = NetworkAnswer(order.number, str(error))

    def _follow_recording(self, due: InferenceConfig) -> None:
        """Takes a network of the recording; each is loaded once."""
        if due == self._used:
            return
        self._known[self._used] = self._resolver.ready
        if due not in self._known:
            self._known[due] = self._resolver.readied(predictor_of(due))
        self._used = due
        self._resolver.use(self._known[due])


def network_switch(spec: ProcessSpec, resolver: SuperResolver) -> NetworkSwitch:
    """What chooses the network of each result of a worker."""
    role = spec.role_as(WorkerRole)
    switch = NetworkSwitch(
        spec.config.inference,
        resolver,
        role.networks,
        live=role.replay is None,
        listens=role.leads and not in_lockstep(role) and not spec.rig,
        offers="viewer" in spec.readers.get(role.results, ()),
    )
    resolver.choose = switch.begin
    return switch


def _settings_of(order: NetworkOrder, known: InferenceConfig) -> InferenceConfig:
    plain = msgspec.to_builtins(known) | msgspec.to_builtins(order.choice)
    return msgspec.convert(plain, InferenceConfig)
