"""What is shown beside the results, where there is time for it.

Pictures between two results, as visible frames come, and what the guide added to a result.
"""

from streamer.clock import NS_PER_MS, HostNs, StreamNs, now_ns
from streamer.messages import Frame, Mode, PredictedUse
from streamer.runtime.process import ProcessSpec
from streamer.worker.beside.between import BetweenFrames
from streamer.worker.beside.influence import InfluenceScheduler
from streamer.worker.pairs.modes import Drops
from streamer.worker.pairs.scheduler import PairScheduler
from streamer.worker.sockets import WorkerSockets
from streamer.worker.super_resolution import SuperResolver


class SidePictures:
    """Makes and sends them, each kind if it is asked for.

    Args:
        spec: of the process.
        resolver: whose results they stand beside.
        drops: where visible frames without a picture are counted.
        sockets: where they are published.
    """

    def __init__(
        self, spec: ProcessSpec, resolver: SuperResolver, drops: Drops, sockets: WorkerSockets
    ) -> None:
        self._resolver = resolver
        self._sockets = sockets
        self._between = BetweenFrames(resolver, drops)
        every_ms = spec.config.inference.influence_every_ms
        self._turn = InfluenceScheduler(round(every_ms * NS_PER_MS))

    @property
    def use(self) -> PredictedUse | None:
        """What the pictures between results have cost; None before the first try."""
        return self._between.use

    def take(self, visible: Frame) -> None:
        """A visible frame has come."""
        self._between.take(visible)

    def ask(self, until_ns: HostNs) -> None:
        """Somebody looks at what the guide added, at least until then."""
        self._turn.ask(until_ns)

    def forget(self) -> None:
        """A replay has jumped: what came is of another moment."""
        self._between.forget()
        self._turn.jumped()

    def add_predicted(
        self, scheduler: PairScheduler, now: StreamNs, rate: float, *, stands: bool
    ) -> None:
        """The picture of a visible frame that no thermal frame came with, if it is asked for.

        Args:
            scheduler: of the frames.
            now: the present of the streams.
            rate: how many seconds of the frames pass in one of the host.
            stands: whether time stands still.
        """
        guided = scheduler.modes.mode is Mode.GUIDED
        if self._sockets.predicted is None or not guided or stands:
            return
        picture = self._between.next(now, scheduler.health["thermal"].period_ns, rate)
        if picture is not None:
            self._sockets.predicted.send(picture)

    def add_influence(self, scheduler: PairScheduler, *, stands: bool) -> None:
        """What the guide added to the newest result, if somebody looks and there is time for it."""
        now, made = now_ns(), self._resolver.made
        if self._sockets.influence is None or not self._turn.is_due(made, now, still=stands):
            return
        added = self._resolver.influence(None if stands else scheduler.health["thermal"].period_ns)
        if added is not None:
            self._turn.done(made, now)
            self._sockets.influence.send(added)
