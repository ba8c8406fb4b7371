"""The calibration that a run is to use: of a file, or the one a recording carries."""

from pathlib import Path
from typing import Any

import msgspec

from streamer.calibration.calibration import Calibration
from streamer.calibration.errors import CalibrationError
from streamer.calibration.stored import calibration_of, load_calibration
from streamer.config.schema import Config
from streamer.shareable import struct_without_folders

NONE = "none"


def chosen_calibration(
    config: Config, recorded: dict[str, Any] | None = None
) -> Calibration | None:
    """The calibration, for the distance that is set.

    Args:
        config: of the run.
        recorded: of a replay: what the recording carries.

    Raises:
        CalibrationError: the file, or what the recording carries, is none.
    """
    settings = config.calibration
    if settings.file == NONE:
        return None
    if settings.file:
        found = load_calibration(Path(settings.file).expanduser())
    elif recorded is not None:
        found = calibration_of(recorded, "the recording's calibration")
    else:
        return None
    if settings.distance_m and found.parallax is None:
        raise CalibrationError(
            f"calibration.distance_m {settings.distance_m:g}: the calibration does not know the "
            "cameras' baseline; `corefusion calibrate --baseline` writes one that does"
        )
    return found.at(settings.distance_m)


def as_recorded(calibration: Calibration | None) -> dict[str, Any] | None:
    """A calibration as a recording carries it, without the folders of its sources."""
    if calibration is None:
        return None
    plain: dict[str, Any] = msgspec.to_builtins(struct_without_folders(calibration))
    return plain
