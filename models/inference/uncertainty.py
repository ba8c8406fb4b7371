"""A result's own word on how far it may be off: sigma by sigma, foretold and calibrated.

A linear function of `models.imaging.error_features` gives each cell of a frame a score, a curve
the sigma that goes with it: of the pixels of a score 68 % were off by no more, on pictures that the
network had not been trained on. Both lie beside the weights as NAME.uncertainty.json, one fit for
each mode and scale; weights without such a file foretell nothing.
`models.evaluation.uncertainty_fit` makes it.
"""

import logging
from pathlib import Path
from typing import Literal, Protocol

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from models.checkpoint import sha256
from models.errors import ModelError
from models.files import atomic_write
from models.imaging.error_features import Plane, cells_of, error_features, names

log = logging.getLogger(__name__)

FitMode = Literal["guided", "thermal_only"]

CODES = 256
"""Steps of a score between the ends of a curve."""


class UncertaintyFit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mode at one scale.

    Attributes:
        mode: what the frames were made from.
        scale: pixels of the canvas to a sensor pixel.
        weights: of the features, in the order of the table.
        bias: added to their sum; the whole is the score.
        scores: rising, where the curve is known; beyond its ends it stays level.
        sigmas: there, in 8-bit levels.
    """

    mode: FitMode
    scale: int
    weights: tuple[float, ...]
    bias: float
    scores: tuple[float, ...]
    sigmas: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.scores) < 2 or len(self.scores) != len(self.sigmas):
            raise ValueError(f"{len(self.scores)} scores and {len(self.sigmas)} sigmas")
        if min(self.sigmas) <= 0 or any(np.diff(self.scores) <= 0):
            raise ValueError("sigmas must be above 0, scores rise")


class UncertaintyTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was fitted for a set of weights.

    Attributes:
        weights_sha256: the weights it was made for.
        made_from: the pictures it was made from, in words.
        features: what a guided fit weighs; one without a guide all but the last.
        fits: one for each mode and scale.
    """

    weights_sha256: str
    made_from: str
    features: tuple[str, ...]
    fits: tuple[UncertaintyFit, ...]


def table_path(weights: Path) -> Path:
    """fast-sensor.safetensors -> fast-sensor.uncertainty.json beside it."""
    return weights.with_name(f"{weights.stem}.uncertainty.json")


def read_table(path: Path) -> UncertaintyTable:
    """Read a table.

    Raises:
        ModelError: if it is missing, or no such table.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=UncertaintyTable)
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise ModelError(f"{path}: no table of uncertainties: {error}") from error


def write_table(path: Path, table: UncertaintyTable) -> None:
    """Write a table as JSON."""
    text = msgspec.json.format(msgspec.json.encode(table), indent=1)
    with atomic_write(path) as partial:
        partial.write_bytes(text + b"\n")


class ErrorEstimator(Protocol):
    """What foretells the errors of a frame."""

    def sigma(
        self, measured: Plane, missed: Plane, detail: Plane, guide: NDArray[np.uint8] | None
    ) -> Plane | None:
        """See `UncertaintyEstimator.sigma`."""
        ...


class UncertaintyEstimator:
    """Foretells sigma for the frames of one set of weights."""

    def __init__(self, table: UncertaintyTable) -> None:
        """Use `estimator_of`."""
        self._curves = {(fit.mode, fit.scale): _Curve(fit) for fit in table.fits}

    def sigma(
        self, measured: Plane, missed: Plane, detail: Plane, guide: NDArray[np.uint8] | None
    ) -> Plane | None:
        """(rows, columns) in 8-bit levels; None where no fit is for the mode.

        Arguments as of `error_features`; the fit is that of the nearest scale.
        """
        mode: FitMode = "thermal_only" if guide is None else "guided"
        scale = detail.shape[0] / measured.shape[0]
        known = [each for kind, each in self._curves if kind == mode]
        if not known:
            return None
        nearest = min(known, key=lambda each: abs(np.log(each / scale)))
        canvas = (detail.shape[0], detail.shape[1])
        cells = cells_of((measured.shape[0], measured.shape[1]), canvas)
        features = error_features(measured, missed, detail, guide, cells)
        return self._curves[mode, nearest].sigma(features)


class _Curve:
    """A fit, ready to be applied: the curve as a table of CODES steps."""

    def __init__(self, fit: UncertaintyFit) -> None:
        lowest, highest = fit.scores[0], fit.scores[-1]
        steps = np.linspace(lowest, highest, CODES)
        logs = np.interp(steps, fit.scores, np.log(fit.sigmas))
        self._sigmas = np.exp(logs).astype(np.float32)
        gain = (CODES - 1) / (highest - lowest)
        self._weights = np.array(fit.weights, dtype=np.float32) * np.float32(gain)
        self._bias = np.float32((fit.bias - lowest) * gain)

    def sigma(self, features: Plane) -> Plane:
        """(rows, columns) of (n, rows, columns)."""
        count, rows, columns = features.shape
        codes = self._weights @ features.reshape(count, -1)
        codes += self._bias
        table = np.clip(codes, 0, CODES - 1).astype(np.uint8).reshape(rows, columns)
        return np.asarray(cv2.LUT(table, self._sigmas), dtype=np.float32)


def estimator_of(weights: Path) -> UncertaintyEstimator | None:
    """The estimator of a checkpoint; None where nothing was fitted for it.

    Raises:
        ModelError: if the table beside it is damaged.
    """
    path = table_path(weights)
    if not path.exists():
        return None
    table = read_table(path)
    if table.weights_sha256 != sha256(weights):
        log.warning("%s: made for other weights, left aside", path)
        return None
    if table.features != names(guided=True):
        log.warning("%s: made from other features, left aside", path)
        return None
    wanted = {"guided": len(names(guided=True)), "thermal_only": len(names(guided=False))}
    for fit in table.fits:
        if len(fit.weights) != wanted[fit.mode]:
            raise ModelError(
                f"{path}: wanted {wanted[fit.mode]} weights for {fit.mode}, got {len(fit.weights)}"
            )
    return UncertaintyEstimator(table)
