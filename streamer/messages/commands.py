"""What the window asks of the run as a whole, and what it is told of it."""

from enum import StrEnum

import msgspec

from streamer.clock import HostNs
from streamer.messages.networks import NetworkChoice


class RunAction(StrEnum):
    """What the supervisor can be told to do."""

    RECORD = "record"  # from now on, and with what was kept of before
    STOP_RECORDING = "stop_recording"  # and complete the file
    KEEP = "keep"  # value: so many seconds are kept for a recording that begins later; 0 for none
    PLAY_AGAIN = "play_again"  # sources that have come to their end, from their beginning
    CORRECT = "correct"  # the thermal camera, by its shutter, where it has one
    ALIGN = "align"  # path: of a calibration file, which is used from now on
    NETWORK = "network"  # network: the model, and what computes it, from now on
    OPEN = "open"  # path: of a recording; the run ends, and a replay of it begins


class RunCommand(msgspec.Struct, frozen=True, tag="run_command"):
    """Viewer to supervisor.

    Attributes:
        action: what to do.
        value: how much, as the action says.
        path: of what, as the action says.
        network: which, as the action says.
    """

    action: RunAction
    value: float = 0.0
    path: str = ""
    network: NetworkChoice | None = None


class Correction(msgspec.Struct, frozen=True):
    """What a camera's process made of the request for a shutter correction.

    Attributes:
        number: of the request.
        problem: why the camera could not be asked; empty where it was.
    """

    number: int
    problem: str = ""


class TakeState(StrEnum):
    """Where the recording of a window stands."""

    OFF = "off"
    KEEPING = "keeping"  # the last seconds, in memory
    STARTING = "starting"
    RECORDING = "recording"
    STOPPING = "stopping"  # it is being completed


class Take(msgspec.Struct, frozen=True):
    """The recording that is started and stopped in the window while a run goes on.

    Attributes:
        state: where it stands.
        since_ns: since when it is recorded.
        kept_s: so many seconds are kept for a recording that begins later.
        problem: why the last one ended, or could not begin, in words; empty if all is well.
        file: the newest that was begun; in the end, the newest that was completed.
    """

    state: TakeState = TakeState.OFF
    since_ns: HostNs | None = None
    kept_s: float = 0.0
    problem: str = ""
    file: str = ""
