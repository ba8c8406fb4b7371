"""The file of a calibration: YAML, one pair of cameras."""

from pathlib import Path

import msgspec
import yaml

from streamer.calibration.calibration import Calibration
from streamer.calibration.errors import CalibrationError
from streamer.calibration.plain_data import calibration_of
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
