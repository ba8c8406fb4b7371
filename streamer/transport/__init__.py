"""Sockets between the processes of a run. The only package that imports zmq."""

from streamer.transport.addresses import Addresses, TransportError
from streamer.transport.sockets import Publisher, Subscriber, close_sockets, wait_any
from streamer.transport.topics import SUPERVISOR, TOPICS, Endpoint, Policy, Topic

__all__ = [
    "SUPERVISOR",
    "TOPICS",
    "Addresses",
    "Endpoint",
    "Policy",
    "Publisher",
    "Subscriber",
    "Topic",
    "TransportError",
    "close_sockets",
    "wait_any",
]
