"""The time of the frames, as a process follows it: this host's live, the player's in a replay."""

from streamer.clock import ClockReading, StreamNs, live_stream, now_ns
from streamer.messages import PlayerState, Step
from streamer.transport import Addresses, Endpoint, Policy, Subscriber


class FollowedClock:
    """Both clocks of a run. `poll` takes what the player has published; reading takes nothing.

    Args:
        addresses: of the run.
        reader: who follows it, where a player publishes its time; None where there is none.

    Attributes:
        player: in a paced replay, where the player is; None before its first message, and live.
    """

    def __init__(self, addresses: Addresses, *, reader: str | None) -> None:
        self.player: PlayerState | None = None
        self._step_ns: StreamNs | None = None
        self._messages: Subscriber | None = None
        if reader is not None:
            self._messages = Subscriber(addresses, Endpoint.CLOCK, Policy.EVERY, reader=reader)

    def poll(self) -> None:
        """Takes every message of the player's clock that has come."""
        while self._messages is not None and (message := self._messages.receive()) is not None:
            if isinstance(message, PlayerState):
                self.player = message
            elif isinstance(message, Step):
                self._step_ns = message.now_ns

    @property
    def known(self) -> bool:
        """Whether the stream's time is known: in a replay only from the first message on."""
        followed = self._messages is not None
        return not followed or self.player is not None or self._step_ns is not None

    def read(self) -> ClockReading:
        """The present on both clocks.

        The stream's stands still while a replay is paused, and between the steps of lockstep.
        """
        host_ns = now_ns()
        if self.player is not None:
            return ClockReading(host_ns, self.player.now(host_ns))
        return ClockReading(
            host_ns, live_stream(host_ns) if self._step_ns is None else self._step_ns
        )

    def close(self) -> None:
        """Closes the socket, if there is one."""
        if self._messages is not None:
            self._messages.close()
