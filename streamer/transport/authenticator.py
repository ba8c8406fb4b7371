"""Decides who may connect to the tcp sockets of this process, and follows their connections.

libzmq asks by ZAP (https://rfc.zeromq.org/spec/27), a socket inside the process, and tells by
monitor sockets. Both must be attended to at once: a handshake waits for the answer, and libzmq's
own thread waits where the events of a monitor are not taken.
"""

import logging
import queue
import threading
import time
import weakref
from collections.abc import Callable
from typing import NamedTuple

import zmq
from zmq.utils import z85

from streamer.transport.connections import RefusedConnections

log = logging.getLogger(__name__)

_ZAP = "inproc://zeromq.zap.01"
_WAKE = "inproc://corefusion.authenticator"
_LOG_EVERY_S = 60.0

OnEvent = Callable[[int, int], None]


class _Watched(NamedTuple):
    monitor: "zmq.Socket[bytes]"
    on_event: OnEvent


class Authenticator:
    """One thread for all sockets of a context."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]") -> None:
        self._zap = context.socket(zmq.REP)
        self._zap.setsockopt(zmq.LINGER, 0)
        self._zap.bind(_ZAP)
        self._woken, self._wake = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
        self._woken.bind(_WAKE)
        self._wake.connect(_WAKE)
        self._lock = threading.Lock()
        self._refused: dict[str, RefusedConnections] = {}
        self._coming: queue.SimpleQueue[_Watched | None] = queue.SimpleQueue()  # None ends it
        self._watched: weakref.WeakSet[zmq.Socket[bytes]] = weakref.WeakSet()
        self._thread = threading.Thread(target=self._run, name="authenticator", daemon=True)
        self._thread.start()

    def watch(self, socket: "zmq.Socket[bytes]", events: int, on_event: OnEvent) -> None:
        """Calls back, in its own thread, for each event of a socket, until that stops its monitor.

        Args:
            socket: of the calling thread.
            events: the kinds wanted, EVENT_MONITOR_STOPPED among them.
            on_event: takes the kind of an event and its value; must not wait.
        """
        self._watched.add(socket)
        self._put(_Watched(socket.get_monitor_socket(events), on_event))

    def count_refused(self, endpoint: str) -> OnEvent:
        """What is to be called for the events of a socket that is bound to an endpoint."""
        with self._lock:
            counted = self._refused.setdefault(endpoint, RefusedConnections())

        next_log_s = 0.0

        def take(event: int, value: int) -> None:
            nonlocal next_log_s
            now_s = time.monotonic()
            cause = counted.take(event, value, now_s)
            if cause is not None and now_s >= next_log_s:
                next_log_s = now_s + _LOG_EVERY_S
                log.warning("%s: a stranger is not let in: %s", endpoint, cause)

        return take

    def refused(self) -> dict[str, int]:
        """Connections refused so far, by ENDPOINT/CAUSE."""
        with self._lock:
            endpoints = list(self._refused.items())
        now_s = time.monotonic()
        return {
            f"{endpoint}/{cause}": count
            for endpoint, counted in endpoints
            for cause, count in counted.counts(now_s).items()
        }

    def close(self) -> None:
        """Ends the thread and frees its sockets."""
        for socket in list(self._watched):  # events that nobody takes would halt libzmq's thread
            if not socket.closed:
                socket.disable_monitor()
        self._put(None)
        self._thread.join()
        self._wake.close(0)

    def _put(self, coming: "_Watched | None") -> None:
        self._coming.put(coming)
        with self._lock:  # a socket is used by one thread at a time
            self._wake.send(b"")

    def _run(self) -> None:
        poller = zmq.Poller()
        poller.register(self._zap, zmq.POLLIN)
        poller.register(self._woken, zmq.POLLIN)
        monitors: dict[zmq.Socket[bytes], OnEvent] = {}
        ending = False
        while not ending:
            for socket, _ in poller.poll():
                if socket is self._zap:
                    self._answer()
                elif socket is self._woken:
                    self._woken.recv()
                    coming = self._coming.get()
                    if coming is None:
                        ending = True
                    else:
                        monitors[coming.monitor] = coming.on_event
                        poller.register(coming.monitor, zmq.POLLIN)
                elif not _follow(socket, monitors[socket]):
                    poller.unregister(socket)
                    del monitors[socket]
                    socket.close(0)
        for socket in (*monitors, self._zap, self._woken):
            socket.close(0)

    def _answer(self) -> None:
        """Lets a client in whose key is the one that the socket names as its domain."""
        version, request, domain, _, _, mechanism, *credentials = self._zap.recv_multipart()
        good = mechanism == b"CURVE" and [z85.encode(key) for key in credentials] == [domain]
        status = (b"200", b"OK") if good else (b"400", b"not a key of this run")
        self._zap.send_multipart([version, request, *status, b"", b""])


def _follow(monitor: "zmq.Socket[bytes]", on_event: OnEvent) -> bool:
    """Takes one event of a monitor; whether more can come."""
    from zmq.utils.monitor import recv_monitor_message  # asyncio: 20 ms that few runs need

    message = recv_monitor_message(monitor)
    if message["event"] == zmq.EVENT_MONITOR_STOPPED:
        return False
    on_event(message["event"], message["value"])
    return True


_lock = threading.Lock()
_present: Authenticator | None = None


def authenticator() -> Authenticator:
    """That of this process; it begins with the first call."""
    global _present
    with _lock:
        if _present is None:
            _present = Authenticator(zmq.Context.instance())
        return _present


def close_authenticator() -> None:
    """Ends it, if there is one: before the context of its sockets goes."""
    global _present
    with _lock:
        ending, _present = _present, None
    if ending is not None:
        ending.close()


def refused_connections() -> dict[str, int]:
    """Connections to endpoints of this process that were refused so far, by ENDPOINT/CAUSE."""
    with _lock:
        present = _present
    return {} if present is None else present.refused()
