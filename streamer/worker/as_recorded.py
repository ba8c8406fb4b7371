"""What a recording says of the run it was made in, as the settings that make its results again."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from streamer.config.schema import Config
from streamer.messages import SENSORS, CameraInfo
from streamer.recording.errors import RecordingError
from streamer.recording.schema import RecordingInfo

_LOST_AFTER = 4  # intervals of a time lapse


class RecordedNetwork(NamedTuple):
    """Model, engine and precision as they were; None where nothing is said of it."""

    model: str | None = None
    engine: str | None = None
    precision: str | None = None


def recorded_network(info: RecordingInfo, recording: Path) -> RecordedNetwork:
    """Model, engine and precision as they were; opencv is no engine that can be asked for.

    A recording says which weights made it, not where these lie: what is no name of a release is
    found by its digest, where it was run before, beside the recording, or here.

    Raises:
        RecordingError: the weights are not found.
    """
    from models.inference.known_checkpoints import KnownCheckpoints
    from models.inference.settings import PredictorSettings
    from models.registry import NAMES

    model = info.model
    if model is not None and info.model_sha256 is not None and model not in NAMES:
        known = KnownCheckpoints(PredictorSettings().cache())
        found = known.find(model, info.model_sha256, (recording.parent, Path.cwd()))
        if found is None:
            raise RecordingError(
                f"recording {recording}: the weights it was made with, {model} of digest "
                f"{info.model_sha256[:12]}, are not found; --model names these or others"
            )
        model = str(found)
    return RecordedNetwork(model, info.engine if info.engine != "opencv" else None, info.precision)


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
