"""The player's clock: what time it is in a recording. Host time is handed in; nothing is read."""

from typing import NamedTuple

from streamer.clock import HostNs, StreamNs, after, since

MIN_RATE, MAX_RATE = 0.1, 10.0


class Position(NamedTuple):
    """A moment of the recording, and how many times it has begun again before."""

    media_ns: StreamNs
    round: int


class PlayerClock:
    """Time that runs at a rate, stands still, jumps, and begins again.

    Every call takes the host's time (monotonic, never decreasing). Going on after a pause
    continues where the pause began; a change of rate changes nothing about the present moment.

    Args:
        start_ns: first moment of the recording.
        end_ns: last moment; time stops here unless it loops.
        now_ns: the host's time, at which it starts to run.
        rate: seconds of the recording per second, 0.1 to 10.
        loop: begin again at the end.
        paused: stand still until told to run.
    """

    def __init__(
        self,
        start_ns: StreamNs,
        end_ns: StreamNs,
        now_ns: HostNs,
        *,
        rate: float = 1.0,
        loop: bool = False,
        paused: bool = False,
    ) -> None:
        if end_ns < start_ns:
            raise ValueError(f"a recording that ends at {end_ns}, before it starts at {start_ns}")
        self._start_ns, self._end_ns = start_ns, end_ns
        self._first_ns, self._last_ns = start_ns, end_ns  # of the loop
        self._anchor_ns, self._media_ns, self._round = now_ns, start_ns, 0
        self._rate = _checked(rate)
        self._loop = loop
        self._paused = paused

    @property
    def rate(self) -> float:
        """Seconds of the recording per second while it runs."""
        return self._rate

    @property
    def paused(self) -> bool:
        """Whether time stands still."""
        return self._paused

    @property
    def loop(self) -> bool:
        """Whether it begins again at the end."""
        return self._loop

    def at(self, now_ns: HostNs) -> Position:
        """Where it is at this moment of the host."""
        if self._paused:
            return Position(self._media_ns, self._round)
        media_ns = after(self._media_ns, since(now_ns, self._anchor_ns) * self._rate)
        if media_ns <= self._last_ns:
            return Position(media_ns, self._round)
        length_ns = self._last_ns - self._first_ns
        if not self._loop or length_ns == 0:
            return Position(self._last_ns, self._round)
        rounds, into_ns = divmod(media_ns - self._first_ns, length_ns)
        return Position(after(self._first_ns, into_ns), self._round + rounds)

    def ended(self, now_ns: HostNs) -> bool:
        """Whether the end is reached and nothing will follow."""
        return not self._loop and self.at(now_ns).media_ns >= self._last_ns

    def due_ns(self, media_ns: StreamNs, now_ns: HostNs) -> HostNs | None:
        """The host's time at which `media_ns` is reached; None while paused, `now_ns` if past."""
        if self._paused:
            return None
        ahead_ns = since(media_ns, self.at(now_ns).media_ns)
        return after(now_ns, max(0.0, ahead_ns / self._rate))

    def pause(self, now_ns: HostNs) -> None:
        """Stands still."""
        self._settle(now_ns)
        self._paused = True

    def resume(self, now_ns: HostNs) -> None:
        """Goes on where it stands; from the beginning when it stands at the end."""
        if self.ended(now_ns):
            self.seek(self._first_ns, now_ns)
        self._settle(now_ns)
        self._paused = False

    def set_rate(self, rate: float, now_ns: HostNs) -> None:
        """Runs faster or slower from now on."""
        self._settle(now_ns)
        self._rate = _checked(rate)

    def set_loop(self, loop: bool, now_ns: HostNs) -> None:
        """Begins again at the end from now on, or no longer."""
        self._settle(now_ns)
        self._loop = loop

    @property
    def range(self) -> tuple[StreamNs, StreamNs]:
        """The part that is played, from A to B."""
        return self._first_ns, self._last_ns

    def set_range(self, first_ns: StreamNs, last_ns: StreamNs, now_ns: HostNs) -> None:
        """Plays only this part (A to B), from its beginning when outside of it.

        Whoever stands at the end stays there: a wider part is no reason to go on.
        """
        if not self._start_ns <= first_ns <= last_ns <= self._end_ns:
            raise ValueError(
                f"{first_ns}..{last_ns} is no part of {self._start_ns}..{self._end_ns}"
            )
        self._settle_and_stay(now_ns)
        self._first_ns, self._last_ns = first_ns, last_ns
        if not first_ns <= self._media_ns <= last_ns:
            self._media_ns = first_ns

    def seek(self, media_ns: StreamNs, now_ns: HostNs) -> None:
        """Jumps; whether it runs or stands still, at the end too, stays as it is.

        The ends are kept to.
        """
        self._settle_and_stay(now_ns)
        self._media_ns = min(max(media_ns, self._first_ns), self._last_ns)

    def step(self, media_ns: StreamNs, now_ns: HostNs) -> None:
        """Goes to the moment of one frame, and stands still there."""
        self.seek(media_ns, now_ns)
        self._paused = True

    def _settle_and_stay(self, now_ns: HostNs) -> None:
        """Whoever stands at the end stands still from now on, wherever that is."""
        ended = self.ended(now_ns)
        self._settle(now_ns)
        self._paused = self._paused or ended

    def _settle(self, now_ns: HostNs) -> None:
        self._media_ns, self._round = self.at(now_ns)
        self._anchor_ns = now_ns


def _checked(rate: float) -> float:
    if not MIN_RATE <= rate <= MAX_RATE:
        raise ValueError(f"rate {rate}: {MIN_RATE} to {MAX_RATE} wanted")
    return rate
