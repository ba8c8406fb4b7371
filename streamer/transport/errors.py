"""What can be wrong with an endpoint."""

from streamer.errors import CorefusionError


class TransportError(CorefusionError):
    """An endpoint that cannot be used; names it and the reason."""


class EndpointTakenError(TransportError):
    """Another program has what an endpoint is to be bound to; it may let go of it again."""
