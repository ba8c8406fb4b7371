"""The file of a calibration: YAML, one pair of cameras."""

import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import yaml

from streamer.calibration.calibration import FORMAT, Calibration
from streamer.calibration.errors import CalibrationError
from streamer.config.yaml_values import YamlError, load_yaml

MAX_BYTES = 2**16

_HEAD = """# How the visible picture of two cameras is brought to the view of the thermal one.
# Written by `corefusion calibrate`, or by the window; used by `--calibration {name}` or
# calibration.file.
"""


def save_calibration(calibration: Calibration, path: Path) -> None:
    """Writes a calibration; the file is there whole or not at all.

    Raises:
        CalibrationError: it cannot be written.
    """
    tree = msgspec.to_builtins(calibration)
    text = yaml.safe_dump(tree, sort_keys=False, default_flow_style=None, allow_unicode=True)
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(_HEAD.format(name=path.name) + text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CalibrationError(f"calibration {path}: {error.strerror or error}") from error


def load_calibration(path: Path) -> Calibration:
    """Reads a calibration.

    Raises:
        CalibrationError: there is none, or it is none of ours.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CalibrationError(f"calibration {path}: {reason}") from error
    if len(data) > MAX_BYTES:
        raise CalibrationError(f"calibration {path}: {MAX_BYTES // 2**10} KiB at most wanted")
    try:
        tree = load_yaml(data.decode("utf-8-sig"))
    except (YamlError, UnicodeDecodeError) as error:
        raise CalibrationError(f"calibration {path} is not YAML: {error}") from error
    return calibration_of(tree, f"calibration {path}")


def calibration_of(tree: Any, origin: str) -> Calibration:
    """Plain data as a calibration.

    Args:
        tree: what a file or a recording holds.
        origin: what it is called in an error.

    Raises:
        CalibrationError: it is none.
    """
    if not isinstance(tree, dict) or "corefusion_calibration" not in tree:
        raise CalibrationError(
            f"{origin} is none: `corefusion calibrate --output F.yaml` writes one"
        )
    version = tree["corefusion_calibration"]
    if isinstance(version, int) and version > FORMAT:
        raise CalibrationError(
            f"{origin}: its form is {version}, this version reads forms up to {FORMAT}: update it"
        )
    try:
        found = msgspec.convert(tree, Calibration, strict=True)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `$.")
        place = f"{where.rstrip('`')}: " if where else ""
        raise CalibrationError(f"{origin}: {place}{reason[:1].lower()}{reason[1:200]}") from error
    _check(found, origin)
    return found


def _check(found: Calibration, origin: str) -> None:
    matrix = np.array(found.matrix)
    numbers = [*matrix.ravel(), *(n for view in _views(found) for n in (view.k1, view.k2))]
    if not all(math.isfinite(number) and abs(number) < 1e3 for number in numbers):
        raise CalibrationError(f"{origin}: finite numbers below 1000 wanted in matrix, k1 and k2")
    if abs(matrix[2, 2]) < 1e-6 or abs(np.linalg.det(matrix)) < 1e-6:
        raise CalibrationError(f"{origin}: matrix: one that can be inverted wanted")
    for view in _views(found):
        if not (8 <= view.width <= 8192 and 8 <= view.height <= 8192):
            raise CalibrationError(
                f"{origin}: a picture of 8 to 8192 pixels a side wanted, "
                f"{view.width}x{view.height} came"
            )
    if (parallax := found.parallax) is not None and not (
        0 < parallax.distance_m < 1e6
        and 1 <= parallax.field_of_view_deg <= 170
        and all(abs(metres) < 100 for metres in parallax.baseline_m)
    ):
        raise CalibrationError(
            f"{origin}: parallax: a distance above 0 m, a field of view of 1 to 170 degrees and a "
            "baseline below 100 m wanted"
        )


def _views(found: Calibration) -> tuple[Any, Any]:
    return found.visible, found.thermal
