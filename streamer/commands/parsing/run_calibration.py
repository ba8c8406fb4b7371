"""The option that names a calibration file."""

from pathlib import Path
from typing import Annotated

import typer

CalibrationFile = Annotated[
    Path | None,
    typer.Option(
        "--calibration", metavar="F.yaml", help="Of `corefusion calibrate`: lines the cameras up."
    ),
]


def calibration_override(path: Path | None) -> list[str]:
    """The option as a `--set` of the configuration."""
    return [] if path is None else [f"calibration.file={path}"]
