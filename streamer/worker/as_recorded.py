"""What a recording says of the run it was made in, as the settings that make its results again."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from streamer.config.networks import TimedNetwork
from streamer.config.schema import Config, InferenceConfig
from streamer.messages import SENSORS, CameraInfo, NetworkChange, NetworkUse
from streamer.recording.errors import RecordingError
from streamer.recording.schema import RecordingInfo

_LOST_AFTER = 4  # intervals of a time lapse


class RecordedNetwork(NamedTuple):
    """Model, engine and precision as they were; None where nothing is said of it."""

    model: str | None = None
    engine: str | None = None
    precision: str | None = None


class AskedNetwork(NamedTuple):
    """What of a network was named on the command line or set; else it is as it was recorded."""

    model: str | None = None
    engine: str | None = None
    precision: str | None = None
    views: int | None = None


def recorded_network(info: RecordingInfo, recording: Path) -> RecordedNetwork:
    """Model, engine and precision as they were; opencv is no engine that can be asked for.

    A recording says which weights made it, not where these lie: what is no name of a release is
    found by its digest, where it was run before, beside the recording, or here.

    Raises:
        RecordingError: the weights are not found.
    """
    model = None
    if info.model is not None:
        model = _found(info.model, info.model_sha256, recording)
    return RecordedNetwork(model, info.engine if info.engine != "opencv" else None, info.precision)


def recorded_networks(
    settings: Config, changes: Sequence[NetworkChange], recording: Path, asked: AskedNetwork
) -> tuple[TimedNetwork, ...]:
    """Which network makes the results of a replay from when on; nothing where one was named.

    Args:
        settings: of the replay, with the network that the recording began with.
        changes: that the recording holds, in the order of their times.
        recording: its place.
        asked: what of it was named in place of what is recorded.

    Raises:
        RecordingError: the weights of one of them are not found.
    """
    if asked.model is not None:
        return ()
    return tuple(
        TimedNetwork(
            change.timestamp_ns, _settings_of(change.network, settings.inference, recording, asked)
        )
        for change in changes
    )


def _settings_of(
    network: NetworkUse, first: InferenceConfig, recording: Path, asked: AskedNetwork
) -> InferenceConfig:
    interpolates = network.engine == "opencv"
    plain = msgspec.to_builtins(first) | {
        "model": _found(network.model, network.model_sha256, recording),
        "engine": asked.engine or ("auto" if interpolates else network.engine),
        "precision": asked.precision or ("auto" if interpolates else network.precision),
        "views": asked.views or network.views,
    }
    return msgspec.convert(plain, InferenceConfig)


def _found(model: str, sha256: str | None, recording: Path) -> str:
    """A model as it is found here: its name, or the path of its weights.

    Raises:
        RecordingError: they are not found.
    """
    from models.inference.known_checkpoints import KnownCheckpoints
    from models.inference.settings import PredictorSettings
    from models.registry import NAMES

    if sha256 is None or model in NAMES:
        return model
    known = KnownCheckpoints(PredictorSettings().cache())
    found = known.find(model, sha256, (recording.parent, Path.cwd()))
    if found is None:
        raise RecordingError(
            f"recording {recording}: the weights it was made with, {model} of digest "
            f"{sha256[:12]}, are not found; --model names these or others"
        )
    return str(found)


def recorded_changes(given: Config, info: RecordingInfo, streams: Iterable[str]) -> list[str]:
    """What a recording changes of a configuration, as `key.path=value`.

    Args:
        given: the configuration without it.
        info: of the recording.
        streams: whose pictures it holds.
    """
    sources = {stream: "recording" if stream in streams else "none" for stream in SENSORS}
    inference = given.inference
    return [
        *(f"capture.{stream}.source={source}" for stream, source in sources.items()),
        *([f"health.lost_ms={_LOST_AFTER * info.every_s * 1000}"] if info.every_s else []),
        *_as_recorded(info),
        *_window(info),
        f"inference.threads={inference.threads or info.threads or 0}",
        f"inference.views={inference.views if inference.views > 1 else info.views}",
    ]


def recorded_cameras(info: RecordingInfo) -> dict[str, CameraInfo]:
    """The cameras; those of a time lapse are as slow as its interval."""
    if not info.every_s:
        return info.cameras
    return {
        name: msgspec.structs.replace(camera, rate_hz=min(camera.rate_hz, 1 / info.every_s))
        for name, camera in info.cameras.items()
    }


def _as_recorded(info: RecordingInfo) -> list[str]:
    """Settings that a run of before had not: without them its results come again."""
    recorded = info.config.get("inference")
    if not recorded:
        return []
    later = ("bounded", "find_bad_pixels", "fixed_pattern")
    off = [name for name in later if name not in recorded]
    if recorded.get("fixed_pattern") is False:
        off.append("fixed_pattern")
    return [f"inference.{name}=false" for name in off]


def _window(info: RecordingInfo) -> list[str]:
    """Of how many frames a result was made, where the run was told."""
    window = (info.config.get("inference") or {}).get("window", 0)
    return [f"inference.window={window}"] if window else []
