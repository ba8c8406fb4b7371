"""Which network makes the results of a run from when on, as a replay has it from a recording."""

from collections.abc import Iterable

import msgspec

from streamer.clock import StreamNs
from streamer.config.schema import InferenceConfig


class TimedNetwork(msgspec.Struct, frozen=True):
    """A network, and since when it makes the results.

    Attributes:
        from_ns: capture time of the first result made with it.
        settings: which.
    """

    from_ns: StreamNs
    settings: InferenceConfig


def network_at(
    moment_ns: StreamNs, first: InferenceConfig, changes: Iterable[TimedNetwork]
) -> InferenceConfig:
    """Which network makes the result of a moment.

    Args:
        moment_ns: its capture time.
        first: the one before all changes.
        changes: in the order of their times.
    """
    settings = first
    for change in changes:
        if change.from_ns <= moment_ns:
            settings = change.settings
    return settings
