"""config.yaml as typed sections, loaded strictly: a key that is not ours fails with its path.

What each key means stands beside it in config.yaml; a test holds that file and these defaults
together. Files given by a user need to name only what they change.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.tool_set import ToolSet

LARGEST = 1e9
"""Of any number without a nearer bound: finite, and its nanoseconds or bytes fit into 64 bits."""

Positive = Annotated[float, Meta(gt=0, le=LARGEST)]
NonNegative = Annotated[float, Meta(ge=0, le=LARGEST)]
Count = Annotated[int, Meta(ge=0)]
Pixels = Annotated[int, Meta(ge=8, le=8192)]
RateHz = Annotated[float, Meta(ge=1e-6, le=240)]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group of keys; unknown ones are refused."""


class TransportConfig(_Section, frozen=True):
    """Where messages go between the processes of a run."""

    kind: Literal["ipc", "tcp"] = "ipc"
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1024, le=65000)] = 47800
    max_message_mb: Annotated[int, Meta(ge=1, le=1024)] = 64
    queue_mb: Annotated[float, Meta(gt=0, le=65536)] = 64.0
    queue_length: Annotated[int, Meta(ge=8, le=4096)] = 256


class CameraConfig(_Section, frozen=True):
    """One sensor."""

    source: str
    width: Pixels
    height: Pixels
    rate_hz: RateHz
    offset_ms: Annotated[float, Meta(ge=-1000, le=1000)] = 0.0
    loop: bool = False


class ThermalCameraConfig(CameraConfig, frozen=True):
    """The thermal sensor."""

    format: Annotated[str, Meta(min_length=1)] = "auto"
    bin: Annotated[int, Meta(ge=1, le=64)] = 1
    gain_k: NonNegative = 0.0
    offset_k: Annotated[float, Meta(ge=-LARGEST, le=LARGEST)] = 0.0


class BracketConfig(_Section, frozen=True):
    """How the simulated visible camera differs from the thermal one, in place, lens and time."""

    scale: Annotated[float, Meta(ge=0.25, le=4)] = 1.0
    rotation_deg: Annotated[float, Meta(ge=-45, le=45)] = 0.0
    shift_x_px: Annotated[float, Meta(ge=-640, le=640)] = 0.0
    shift_y_px: Annotated[float, Meta(ge=-640, le=640)] = 0.0
    distortion: Annotated[float, Meta(ge=-0.2, le=0.2)] = 0.0
    baseline_m: Annotated[float, Meta(ge=-1, le=1)] = 0.0
    depth: Literal["flat", "scene"] = "flat"
    distance_m: Annotated[float, Meta(ge=0.1, le=10000)] = 10.0
    phase_ms: Annotated[float, Meta(ge=0, le=1000)] = 0.0
    delay_ms: Annotated[float, Meta(ge=0, le=1000)] = 0.0


class SimulatedConfig(_Section, frozen=True):
    """The simulated rig."""

    scene: Literal["day", "night", "smoke"] = "day"
    seed: Count = 7
    netd_mk: NonNegative = 50.0
    pattern_mk: NonNegative = 0.0
    ffc_every_s: NonNegative = 0.0
    ffc_duration_s: Annotated[float, Meta(gt=0, le=3)] = 0.6
    drift_mk_s: NonNegative = 0.0
    hand_px: Annotated[float, Meta(ge=0, le=100)] = 0.0
    bracket: BracketConfig = BracketConfig()


class CaptureConfig(_Section, frozen=True):
    """The two cameras and how they are kept going."""

    visible: CameraConfig = CameraConfig(source="sim", width=640, height=480, rate_hz=30.0)
    thermal: ThermalCameraConfig = ThermalCameraConfig(
        source="sim", width=160, height=120, rate_hz=30.0
    )
    simulated: SimulatedConfig = SimulatedConfig()
    read_timeout_s: Annotated[float, Meta(gt=0, le=10)] = 2.0
    reopen_every_s: Annotated[float, Meta(gt=0, le=60)] = 1.0


class CalibrationConfig(_Section, frozen=True):
    """How the visible picture is brought to the thermal camera's view."""

    file: str = ""
    distance_m: Annotated[float, Meta(ge=0, le=1e6)] = 0.0
    watch_every_s: Annotated[float, Meta(ge=0, le=3600)] = 2.0
    follow_distance: bool = False
    follow_drift: bool = False


class PairingConfig(_Section, frozen=True):
    """How a visible frame is found for each thermal frame."""

    ring_s: Annotated[float, Meta(gt=0, le=5)] = 0.5
    max_wait_ms: Annotated[float, Meta(ge=0, le=1000)] = 20.0


class HealthConfig(_Section, frozen=True):
    """When a stream counts as late, stale, lost and well again."""

    late_periods: Positive = 1.5
    stale_periods: Positive = 3.0
    stale_min_ms: NonNegative = 150.0
    lost_ms: Positive = 1000.0
    recover_frames: Annotated[int, Meta(ge=1, le=100)] = 3
    ffc_max_ms: Positive = 3000.0
    frozen_ms: Positive = 500.0


class InferenceConfig(_Section, frozen=True):
    """The network and what it runs on."""

    model: str = "fast:sensor"
    engine: Literal["auto", "torch", "openvino"] = "auto"
    precision: str = "auto"
    threads: Annotated[int, Meta(ge=0, le=256)] = 0
    views: Literal[1, 2, 4, 8] = 1
    canvas_width: Annotated[int, Meta(ge=0, le=4096)] = 0
    canvas_height: Annotated[int, Meta(ge=0, le=4096)] = 0
    consistency: bool = True
    bounded: bool = True
    find_bad_pixels: bool = True
    fixed_pattern: bool = True
    window: Annotated[int, Meta(ge=0, le=16)] = 0
    rate: Literal["thermal", "visible"] = "thermal"
    max_age_ms: Positive = 250.0
    influence_every_ms: Annotated[float, Meta(ge=50, le=LARGEST)] = 200.0


class SupervisionConfig(_Section, frozen=True):
    """How processes are watched and brought back."""

    heartbeat_ms: Annotated[float, Meta(ge=20, le=2000)] = 200.0
    hang_s: Positive = 5.0
    start_timeout_s: Positive = 120.0
    stall_s: Positive = 5.0
    backoff_s: Positive = 0.5
    backoff_max_s: Positive = 10.0
    failure_window_s: Positive = 60.0
    start_attempts: Annotated[int, Meta(ge=1)] = 5
    stop_s: Annotated[float, Meta(gt=0, le=2)] = 1.5


class RecordingConfig(_Section, frozen=True):
    """How a recording is stored, and how much room it leaves."""

    visible: Literal["jpeg", "png", "raw"] = "jpeg"
    jpeg_quality: Annotated[int, Meta(ge=1, le=100)] = 90
    warn_mb: NonNegative = 2000.0
    stop_mb: NonNegative = 500.0
    queue_mb: Positive = 512.0
    segment_s: Positive = 600.0
    segment_mb: Positive = 4000.0
    keep_days: NonNegative = 0.0
    keep_mb: NonNegative = 0.0
    directory: str = ""


class LogConfig(_Section, frozen=True):
    """What of a run is written to a file, where, and for how long."""

    folder: str = ""
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"
    max_mb: Annotated[float, Meta(ge=0.01, le=1000)] = 5.0
    keep_runs: Annotated[int, Meta(ge=1, le=10000)] = 20


class ViewerConfig(_Section, frozen=True):
    """How the window starts; what the user changes there is remembered."""

    palette: str = "iron"
    unit: Literal["celsius", "fahrenheit", "kelvin"] = "celsius"
    refresh_hz: Annotated[float, Meta(ge=1, le=240)] = 120.0
    plot_s: Annotated[float, Meta(ge=5, le=600)] = 60.0
    theme: Literal["dark", "light"] = "dark"
    language: Annotated[str, Meta(pattern=r"^(system|[a-z]{2,3}(_[A-Z]{2})?)$")] = "system"
    size: Annotated[str, Meta(pattern=r"^(auto|[1-9][0-9]{2,3}x[1-9][0-9]{2,3})$")] = "auto"


class AlarmsConfig(_Section, frozen=True):
    """What is watched for, with a window and without."""

    rules: tuple[AlarmRule, ...] = ()

    def __post_init__(self) -> None:
        names = [rule.name for rule in self.rules]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"alarms with names of their own wanted, two are called {twice}")


class SampleConfig(_Section, frozen=True):
    """Where recorded sample pairs are fetched from."""

    base_url: str = (
        "https://raw.githubusercontent.com/Linfeng-Tang/M3SVD/"
        "f0c7b1c0baf0fe64445f1185aef74d82f75c905d/Video/test"
    )


class Config(_Section, frozen=True):
    """The whole file."""

    transport: TransportConfig = TransportConfig()
    capture: CaptureConfig = CaptureConfig()
    calibration: CalibrationConfig = CalibrationConfig()
    pairing: PairingConfig = PairingConfig()
    health: HealthConfig = HealthConfig()
    inference: InferenceConfig = InferenceConfig()
    supervision: SupervisionConfig = SupervisionConfig()
    recording: RecordingConfig = RecordingConfig()
    log: LogConfig = LogConfig()
    viewer: ViewerConfig = ViewerConfig()
    measuring: ToolSet = ToolSet()
    alarms: AlarmsConfig = AlarmsConfig()
    sample: SampleConfig = SampleConfig()
    rigs: tuple[str | dict[str, Any], ...] = ()
