"""Sockets between the processes of a run. The only package that imports zmq."""

from streamer.transport.addresses import Addresses
from streamer.transport.authenticator import refused_connections
from streamer.transport.errors import EndpointTakenError, TransportError
from streamer.transport.keys import RunKeys
from streamer.transport.publisher import Publisher
from streamer.transport.subscriber import Subscriber, close_sockets, wait_any
from streamer.transport.topics import SUPERVISOR, TOPICS, Endpoint, Policy, Topic

__all__ = [
    "SUPERVISOR",
    "TOPICS",
    "Addresses",
    "Endpoint",
    "EndpointTakenError",
    "Policy",
    "Publisher",
    "RunKeys",
    "Subscriber",
    "Topic",
    "TransportError",
    "close_sockets",
    "refused_connections",
    "wait_any",
]
