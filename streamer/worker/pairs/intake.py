"""What comes to a worker: frames to be paired, and what a jump or a pause makes of them.

In a replay the present may be another from one moment to the next, or stand still; frames of a
device that died come no more, and those of files may begin anew.
"""

from collections.abc import Callable, Mapping

from streamer.clock import NS_PER_MS, HostNs, StreamNs, now_ns
from streamer.messages import (
    SENSORS,
    CameraInfo,
    Frame,
    Message,
    SessionStatus,
    capture_process,
)
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.roles import WorkerRole
from streamer.transport import Subscriber
from streamer.worker.pairs.arrivals import arrived
from streamer.worker.pairs.jumps import JumpGate
from streamer.worker.pairs.modes import Drops
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.pairs.paused import PausedFrames, Standstill
from streamer.worker.pairs.scheduler import PairScheduler


class Intake:
    """Takes frames as they come, and hands out what is to be made of them.

    Args:
        spec: of the process.
        link: to the supervisor; who takes polls it before.
        drops: where each frame that makes no result is counted.
        frames: the socket of each stream.
        now: the present of the streams.
        jumped: told where a replay has jumped: what was made is of another moment.
        seen: told of each visible frame while time passes.

    Attributes:
        scheduler: of the frames of the present.
    """

    def __init__(
        self,
        spec: ProcessSpec,
        link: SupervisorLink,
        drops: Drops,
        frames: Mapping[str, Subscriber],
        now: Callable[[], StreamNs],
        jumped: Callable[[], None],
        seen: Callable[[Frame], None],
    ) -> None:
        self._spec = spec
        self._link = link
        self._drops = drops
        self._frames = frames
        self._now = now
        self._jumped, self._seen = jumped, seen
        self._gate = JumpGate(drops)
        self._still = PausedFrames()
        self._standstill = Standstill()
        self._alive = dict.fromkeys(SENSORS, True)
        self._origin_ns: HostNs | None = None
        self._cameras: dict[str, CameraInfo] = {}
        self.scheduler = self._new_scheduler()

    @property
    def stands(self) -> bool:
        """Whether a replay stands still, with nothing left to make for it."""
        player = self._link.player
        waiting = self._still.waiting or self._standstill.waiting
        return player is not None and player.paused and not waiting

    def expect(self, cameras: dict[str, CameraInfo]) -> None:
        """Takes what the opened cameras give, by stream."""
        self._cameras = cameras
        self.scheduler = self._new_scheduler()

    def take(self) -> None:
        """Takes what has come, judged at its arrival."""
        now = self._now()
        player = self._link.player
        early: list[tuple[str, Frame]] = []
        if player is not None and player.epoch != self._gate.epoch:  # the past is another one
            early = self._gate.jumped(player.epoch)
            self.scheduler = self._new_scheduler()
            self._still.jumped(player.shows)
            self._standstill.went_on()
            self._jumped()
        if player is not None and not player.paused:
            self._still.went_on()
            self._standstill.went_on()
        came = bool(early)
        for stream, frame in early:
            self._add(stream, frame, now)
        max_age_ns = self._spec.config.inference.max_age_ms * NS_PER_MS
        for stream, subscriber in self._frames.items():
            for message in arrived(subscriber, self._now, max_age_ns):
                replayed = message if player is not None and isinstance(message, Frame) else None
                if replayed is None or self._gate.lets_through(stream, replayed):
                    self._add(stream, message, self._now())
                    came = True
            if subscriber.malformed:
                self.scheduler.drops[f"{stream}/malformed"] = subscriber.malformed
        if player is not None and player.paused and not self._still.promised:
            self._standstill.look(now_ns(), came=came)

    def follow(self, session: SessionStatus) -> None:
        """Takes what the state of the run tells of the sources."""
        self._note_origin(session.origin_ns)
        self._note_deaths(session)

    def shown(self) -> FramePair | Frame | None:
        """What is to be seen where time stands still; no waiting, no judging by age."""
        due = self._still.due(now_ns())
        return self.scheduler.settle() if self._standstill.settles(now_ns()) else due

    def next(self) -> FramePair | Frame | None:
        """What is to be made next; None when nothing is due."""
        return None if self._standstill.waiting else self.scheduler.next(self._now())

    def _new_scheduler(self) -> PairScheduler:
        replay = self._spec.role_as(WorkerRole).replay
        lapse = replay is not None and bool(replay.every_s)
        return PairScheduler(self._spec.config, self._cameras, self._drops, counts_gaps=not lapse)

    def _add(self, stream: str, message: Message, now: StreamNs) -> None:
        player = self._link.player
        stands = player is not None and player.paused
        if stands and self._still.promised and isinstance(message, Frame):
            self._still.take(stream, message, now_ns())
            return
        self.scheduler.add(stream, message, now, stands=stands)
        if not stands and stream == "visible" and isinstance(message, Frame):
            self._seen(message)

    def _note_origin(self, origin_ns: HostNs | None) -> None:
        """Files that play again begin as a run does: their first frames are no return of a loss."""
        if origin_ns is not None and origin_ns != self._origin_ns:
            if self._origin_ns is not None:
                self.scheduler = self._new_scheduler()
            self._origin_ns = origin_ns

    def _note_deaths(self, session: SessionStatus) -> None:
        for stream in SENSORS:
            process = session.processes.get(capture_process(stream))
            alive = process is None or process.alive
            if self._alive[stream] and not alive:
                self.scheduler.health[stream].lost()
            self._alive[stream] = alive
