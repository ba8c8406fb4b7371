"""What libzmq's events tell of the connections of a socket. No sockets; time is handed in."""

import threading
from collections import Counter

import zmq

BOUND_EVENTS = (
    zmq.EVENT_ACCEPTED
    | zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_DISCONNECTED
    | zmq.EVENT_MONITOR_STOPPED
)
CONNECTING_EVENTS = (
    zmq.EVENT_CONNECT_DELAYED
    | zmq.EVENT_CONNECT_RETRIED
    | zmq.EVENT_CONNECTED
    | zmq.EVENT_DISCONNECTED
    | zmq.EVENT_MONITOR_STOPPED
)

UNENCRYPTED = "unencrypted"
WRONG_KEY = "wrong_key"
NO_HANDSHAKE = "no_handshake"

_CAUSES: dict[int, str] = {
    zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH: UNENCRYPTED,
    zmq.PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC: WRONG_KEY,
}
_HANDSHAKE_S = 1.0  # a connection this young may still be about to be let in


class RefusedConnections:
    """Counts who came to a bound endpoint and was not let in, by cause.

    `unencrypted` for a ZeroMQ program without keys, `wrong_key` for one with others than the run's,
    `no_handshake` for whatever else connects: other protocols, port scans, silence. Safe to share
    between threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accepted = self._admitted = 0
        self._causes: Counter[str] = Counter()
        self._open: dict[int, float] = {}  # when each was accepted, by file descriptor, in order

    def take(self, event: int, value: int, now_s: float) -> str | None:
        """Takes the next event; the cause, where somebody was refused.

        Args:
            event: one of BOUND_EVENTS.
            value: as libzmq gives it: a file descriptor, or an error.
            now_s: any steady clock.
        """
        with self._lock:
            match event:
                case zmq.EVENT_ACCEPTED:
                    self._accepted += 1
                    self._open.pop(value, None)
                    self._open[value] = now_s
                case zmq.EVENT_DISCONNECTED:
                    self._open.pop(value, None)
                case zmq.EVENT_HANDSHAKE_SUCCEEDED:
                    self._admitted += 1
                    self._decided(now_s)
                case zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                    return self._refused(WRONG_KEY, now_s)
                case zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL if value in _CAUSES:
                    return self._refused(_CAUSES[value], now_s)
        return None

    def counts(self, now_s: float) -> dict[str, int]:
        """How many so far, by cause.

        Most of those that do not even try a handshake leave no event of their own: they are those
        that were accepted, and neither let in nor refused within a second.
        """
        with self._lock:
            young = sum(now_s - accepted_s < _HANDSHAKE_S for accepted_s in self._open.values())
            rest = self._accepted - self._admitted - self._causes.total() - young
            counts = dict(self._causes)
            return counts | ({NO_HANDSHAKE: rest} if rest > 0 else {})

    def _refused(self, cause: str, now_s: float) -> str:
        self._causes[cause] += 1
        self._decided(now_s)
        return cause

    def _decided(self, now_s: float) -> None:
        """One of the young is none any more: libzmq does not say which, so the one that came first.

        Else it would stand for a stranger of before, who would be uncounted for a second.
        """
        for descriptor, accepted_s in self._open.items():
            if now_s - accepted_s < _HANDSHAKE_S:
                del self._open[descriptor]
                return


class Attachment:
    """Whether libzmq still tries to reach what a socket has connected to.

    It gives up for good where it meets something else than the run's endpoint, such as a foreign
    program that has taken the port while the run's own process was being started again.
    """

    def __init__(self) -> None:
        self._lost_s: float | None = None

    def take(self, event: int, now_s: float) -> None:
        """Takes the next event, one of CONNECTING_EVENTS."""
        if event != zmq.EVENT_DISCONNECTED:
            self._lost_s = None
        elif self._lost_s is None:
            self._lost_s = now_s

    def given_up(self, now_s: float, after_s: float) -> bool:
        """Whether it has been disconnected for so long, and no other try has begun."""
        lost_s = self._lost_s
        return lost_s is not None and now_s - lost_s >= after_s

    def begun_again(self) -> None:
        """Somebody has connected the socket anew."""
        self._lost_s = None
