"""Snapshots: the window as it looks, and beside it the result as it was measured."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from streamer.measuring.object_parameters import ObjectParameters
from streamer.messages import ZERO_CELSIUS_K, Mode, SuperResolvedFrame
from streamer.thermal.scale import Scale, Unit


def save_window(window: QWidget, path: Path, facts: Mapping[str, str] | None = None) -> bool:
    """Saves the whole window as a PNG, facts in its text chunks; returns whether that worked."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return save_image(window.grab().toImage(), path, facts)


def save_image(image: QImage, path: Path, facts: Mapping[str, str] | None = None) -> bool:
    """Saves a picture as a PNG, facts in its text chunks; returns whether that worked."""
    for name, text in (facts or {}).items():
        image.setText(name, text)
    return image.save(str(path), quality=80)  # of 100: lighter compression, sooner done


def save_counts(
    result: SuperResolvedFrame, path: Path, facts: Mapping[str, str] | None = None
) -> bool:
    """Saves a result's counts as a grey PNG of the same depth; returns whether it did.

    The file's text chunks hold the radiometry, so that any program can measure in it, and the
    facts. What is no measurement is not saved.
    """
    if result.mode is Mode.VISIBLE_ONLY or result.pixels.ndim != 2:
        return False
    counts = np.ascontiguousarray(result.pixels)
    deep = counts.dtype == np.uint16
    depth = QImage.Format.Format_Grayscale16 if deep else QImage.Format.Format_Grayscale8
    height, width = counts.shape
    image = QImage(counts.tobytes(), width, height, counts.strides[0], depth)
    image.setText("Software", "CoReFusion Live")
    for name, text in (facts or {}).items():
        image.setText(name, text)
    image.setText("mode", result.mode.value)
    image.setText("sequence", str(result.sequence))
    if result.radiometry is not None:
        image.setText("kelvin", "gain_k * counts + offset_k")
        image.setText("gain_k", repr(result.radiometry.gain_k))
        image.setText("offset_k", repr(result.radiometry.offset_k))
    return image.save(str(path), quality=80)


def save_degrees(
    result: SuperResolvedFrame,
    path: Path,
    facts: Mapping[str, str] | None = None,
    parameters: ObjectParameters | None = None,
) -> bool:
    """Saves a result as a TIFF of degrees Celsius, 32-bit floating; returns whether it did.

    Its description holds the facts as JSON. What has no degrees is not saved.

    Args:
        result: what is saved.
        path: where to.
        facts: what the file says of itself.
        parameters: of the objects in the picture; the degrees are those that the window shows.
    """
    radiometry = result.radiometry
    if radiometry is None or result.mode is Mode.VISIBLE_ONLY or result.pixels.ndim != 2:
        return False
    import tifffile  # 60 ms that a start need not wait for

    scale = Scale.of(radiometry, Unit.CELSIUS, parameters)
    if scale.correction is None:
        kelvin = result.pixels.astype(np.float32) * np.float32(radiometry.gain_k)
        celsius = kelvin + np.float32(radiometry.offset_k - ZERO_CELSIUS_K)
    else:
        celsius = (scale.kelvins(result.pixels) - ZERO_CELSIUS_K).astype(np.float32)
    description = json.dumps({"unit": "celsius", "mode": result.mode.value, **(facts or {})})
    try:
        tifffile.imwrite(path, celsius, description=description, photometric="minisblack")
    except OSError:
        return False
    return True
