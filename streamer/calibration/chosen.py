"""The calibration that a run is to use: of a file, or the one a recording carries."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streamer.calibration.calibration import Calibration
from streamer.calibration.errors import CalibrationError
from streamer.calibration.plain_data import calibration_of
from streamer.calibration.stored import load_calibration
from streamer.calibration.timeline import TimedCalibration, recorded_changes
from streamer.config.schema import Config
from streamer.messages.calibrations import CalibrationChange

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
        return calibration_from(Path(settings.file), settings.distance_m)
    if recorded is None:
        return None
    return _at(calibration_of(recorded, "the recording's calibration"), settings.distance_m)


def chosen_changes(
    config: Config, recorded: Sequence[CalibrationChange]
) -> tuple[TimedCalibration, ...]:
    """What changes of it while a recording is replayed: nothing where a file is named.

    Args:
        config: of the run.
        recorded: the changes that the recording holds.

    Raises:
        CalibrationError: one of them is none.
    """
    if config.calibration.file:
        return ()
    return recorded_changes(recorded, config.calibration.distance_m)


def calibration_from(file: Path, distance_m: float) -> Calibration:
    """The calibration of a file.

    Args:
        file: of `corefusion calibrate` or the window.
        distance_m: metres to what is looked at; 0: as calibrated.

    Raises:
        CalibrationError: it is none, or does not know the cameras' baseline and is to.
    """
    return _at(load_calibration(file.expanduser()), distance_m)


def _at(found: Calibration, distance_m: float) -> Calibration:
    if distance_m and found.parallax is None:
        raise CalibrationError(
            f"calibration.distance_m {distance_m:g}: the calibration does not know the "
            "cameras' baseline; `corefusion calibrate --baseline` writes one that does"
        )
    return found.at(distance_m)
