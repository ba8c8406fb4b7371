"""Every topic of a run: its port, who publishes it, and who reads it how.

The one table that readers, tcp ports and the reference of the documentation follow.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

SUPERVISOR: Final = "supervisor"
"""The command itself: supervisor, report and, headless, the last consumer."""

_SENSORS: Final = ("capture.visible", "capture.thermal")
_CHILDREN: Final = (*_SENSORS, "inference", "compare", "recorder", "player", "viewer")


class Policy(StrEnum):
    """What a subscriber wants of the messages that it did not take in time."""

    LATEST = "latest"  # the newest alone; older ones are overwritten
    EVERY = "every"  # all of them, in a queue of `transport.queue_mb`


class Endpoint(StrEnum):
    """Every address of a run, by what it carries. On ipc it is the name of the socket file."""

    VISIBLE = "visible"
    THERMAL = "thermal"
    TRUTH = "truth"
    SR = "sr"
    INFLUENCE = "influence"
    HEARTBEAT = "heartbeat"
    SESSION = "session"
    COMMAND = "command"
    CLOCK = "clock"
    ANSWER = "answer"
    PLAYBACK_COMMAND = "playback_command"
    COMPARE = "compare"
    THUMBNAIL = "thumbnail"
    PREDICTED = "predicted"


class Topic(NamedTuple):
    """One endpoint.

    Attributes:
        port: on tcp, how far its port lies behind `transport.port`; it never changes.
        publishers: the processes that may publish it; more than one of them only in HEARTBEAT,
            which its reader binds.
        readers: the processes that read it, and by which policy.
        about: what it carries.
    """

    port: int
    publishers: tuple[str, ...]
    readers: Mapping[str, Policy]
    about: str


def _read(latest: tuple[str, ...] = (), every: tuple[str, ...] = ()) -> Mapping[str, Policy]:
    policies = dict.fromkeys(every, Policy.EVERY) | dict.fromkeys(latest, Policy.LATEST)
    return MappingProxyType(policies)


_WORKERS: Final = ("inference", "compare")

TOPICS: Final[Mapping[Endpoint, Topic]] = MappingProxyType(
    {
        Endpoint.VISIBLE: Topic(
            0,
            ("capture.visible", "player"),
            _read(latest=("viewer",), every=(*_WORKERS, "recorder")),
            "frames of the visible camera",
        ),
        Endpoint.THERMAL: Topic(
            1,
            ("capture.thermal", "player"),
            _read(latest=("viewer",), every=(*_WORKERS, "recorder", SUPERVISOR)),
            "frames of the thermal camera, in counts",
        ),
        Endpoint.TRUTH: Topic(
            2,
            ("capture.thermal", "player"),
            _read(every=("recorder", SUPERVISOR)),
            "what a thermal frame was binned from; the worker never reads it",
        ),
        Endpoint.SR: Topic(
            3,
            ("inference",),
            _read(latest=("viewer",), every=("recorder", SUPERVISOR)),
            "super-resolved frames; the viewer of a comparison reads every one",
        ),
        Endpoint.INFLUENCE: Topic(
            4,
            ("inference",),
            _read(latest=("viewer",)),
            "what the guide added, while somebody looks",
        ),
        Endpoint.HEARTBEAT: Topic(
            5, _CHILDREN, _read(every=(SUPERVISOR,)), "heartbeats, and changes of mode"
        ),
        Endpoint.SESSION: Topic(
            6,
            (SUPERVISOR,),
            _read(every=_CHILDREN),
            "the state of the run, and changes of mode",
        ),
        Endpoint.COMMAND: Topic(
            7, ("viewer",), _read(every=("inference",)), "requests for what the guide added"
        ),
        Endpoint.CLOCK: Topic(
            8,
            ("player",),
            _read(every=(*_WORKERS, "viewer", SUPERVISOR)),
            "where a replay is in the recording, or the steps of lockstep",
        ),
        Endpoint.ANSWER: Topic(
            9, ("inference",), _read(every=("player",)), "the steps of lockstep that are done"
        ),
        Endpoint.PLAYBACK_COMMAND: Topic(
            10, ("viewer",), _read(every=("player",)), "pause, seek, rate and the like"
        ),
        Endpoint.COMPARE: Topic(
            11,
            ("compare",),
            _read(every=("viewer", SUPERVISOR)),
            "super-resolved frames of the second model of a comparison",
        ),
        Endpoint.THUMBNAIL: Topic(
            12,
            ("player",),
            _read(latest=("viewer",)),
            "small pictures of moments that were pointed at",
        ),
        Endpoint.PREDICTED: Topic(
            13,
            ("inference",),
            _read(latest=("viewer",)),
            "results carried to visible frames between two thermal ones, if `inference.rate` asks",
        ),
    }
)
