"""What a process is told besides what all are told: the settings of its own role."""

import msgspec

from streamer.calibration.calibration import Calibration
from streamer.calibration.timeline import TimedCalibration
from streamer.config.networks import TimedNetwork
from streamer.config.recording import RecordSettings
from streamer.config.replay import ReplaySettings
from streamer.faults.injection import Injection
from streamer.transport import Endpoint


class CaptureRole(msgspec.Struct, frozen=True, kw_only=True, tag="capture"):
    """Reads one camera, or one recorded stream.

    Attributes:
        stream: `visible` or `thermal`.
        injections: the faults to commit on it.
        publish_truth: whether anybody reads what the thermal frames were binned from.
    """

    stream: str
    injections: tuple[Injection, ...] = ()
    publish_truth: bool = False


class WorkerRole(msgspec.Struct, frozen=True, kw_only=True, tag="worker"):
    """Super-resolves.

    Attributes:
        results: where to publish; the first model publishes changes of mode and takes requests of
            the viewer besides, a second one does not.
        replay: what is played in place of the sensors, if anything.
        calibration: of the two cameras, if there is one.
        changes: of a replay: what the recording lines them up by from when on.
        networks: of a replay: which network the recording was made with from when on, in the order
            of their times.
    """

    results: Endpoint = Endpoint.SR
    replay: ReplaySettings | None = None
    calibration: Calibration | None = None
    changes: tuple[TimedCalibration, ...] = ()
    networks: tuple[TimedNetwork, ...] = ()

    @property
    def leads(self) -> bool:
        """Whether this is the first model, or the only one."""
        return self.results is Endpoint.SR


class RecorderRole(msgspec.Struct, frozen=True, kw_only=True, tag="recorder"):
    """Records.

    Attributes:
        settings: what, where to, and when.
        calibration: of the two cameras, if there is one.
        amid: whether it may end while the run goes on: it then waits for nothing more.
    """

    settings: RecordSettings
    calibration: Calibration | None = None
    amid: bool = False


class PlayerRole(msgspec.Struct, frozen=True, kw_only=True, tag="player"):
    """Plays a recording, with faults if any are asked for."""

    replay: ReplaySettings
    injections: tuple[Injection, ...] = ()


class ViewerRole(msgspec.Struct, frozen=True, kw_only=True, tag="viewer"):
    """Shows the run.

    Attributes:
        screenshot: where to save the window's picture at the end, if that is wanted.
        replay: what is played in place of the sensors, if anything.
        calibration: of the two cameras, if there is one.
    """

    screenshot: str | None = None
    replay: ReplaySettings | None = None
    calibration: Calibration | None = None


Role = CaptureRole | WorkerRole | RecorderRole | PlayerRole | ViewerRole
