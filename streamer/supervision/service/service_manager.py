"""Tells systemd, where it has started us, how the run is doing: the protocol of sd_notify(3).

A datagram to the socket that NOTIFY_SOCKET names: `READY=1` when the first picture is recorded,
`WATCHDOG=1` as long as the recording really goes on, `STATUS=` for people, `STOPPING=1` at the end.
Without that variable nothing is sent.
"""

import logging
import os
import socket
from collections.abc import Mapping

log = logging.getLogger(__name__)

SOCKET = "NOTIFY_SOCKET"
VARIABLES = (SOCKET, "WATCHDOG_USEC", "WATCHDOG_PID")
"""What children do not inherit: they are not the service."""

_TIMEOUT_S = 0.1


class ServiceManager:
    """The socket to whoever manages this service.

    Args:
        environment: names the socket: a path, or an abstract name behind `@`.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        name = environment.get(SOCKET, "")
        self._address = f"\0{name[1:]}" if name.startswith("@") else name
        if name and name[0] not in "@/":
            log.warning("%s=%s: a path or an abstract name wanted; nothing is told", SOCKET, name)
            self._address = ""

    def tell(self, **assignments: str | int) -> bool:
        """Sends variables, as READY=1; whether they were taken, or nobody wants them."""
        if not self._address:
            return True
        lines = (f"{name}={' '.join(str(value).split())}" for name, value in assignments.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.settimeout(_TIMEOUT_S)
                out.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            log.warning("the service manager does not take what it is told: %s", error)
            return False
        return True
