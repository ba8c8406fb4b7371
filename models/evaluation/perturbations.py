"""What is done to a pair before it is scored: its low resolution, and corruptions of its inputs."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.dataset import Picture, PicturePaths, read_visible
from models.errors import ModelError
from models.imaging import degradation, metrics
from models.imaging.metrics import Image


def guide_shift(guide: str) -> int:
    """Pixels of `shifted:PX`; 0 for own, swapped and black.

    Raises:
        ModelError: for anything else.
    """
    if guide in ("own", "swapped", "black"):
        return 0
    name, _, pixels = guide.partition(":")
    if name != "shifted" or not pixels.lstrip("-").isdigit():
        raise ModelError(f"guide: wanted own, swapped, black or shifted:PX, got {guide!r}")
    return int(pixels)


def parse_thermal_corruption(thermal: str) -> tuple[str, float]:
    """(kind, sigma) of `noise:SIGMA` or `blur:SIGMA`; ("own", 0) for own.

    Raises:
        ModelError: for anything else.
    """
    if thermal == "own":
        return "own", 0.0
    kind, _, text = thermal.partition(":")
    try:
        sigma = float(text)
    except ValueError:
        sigma = 0.0
    if kind not in ("noise", "blur") or not 0 < sigma < 255:
        raise ModelError(f"thermal: wanted own, noise:SIGMA or blur:SIGMA, got {thermal!r}")
    return kind, sigma


def low_and_truth(
    pair: Picture, kind: str, wanted: int | None, index: int
) -> tuple[Image, Image, NDArray[np.uint8] | None, int]:
    """What a pair, or a thermal picture alone, is measured on.

    Args:
        pair: whose visible and thermal pictures are cropped, bottom and right, to the scale.
        kind: `given` or the name of a degradation.
        wanted: the scale; None means 8, or what the given ones have.
        index: the pair's place in the folder, the seed of a noisy degradation.

    Returns:
        Low resolution (h, w), truth (H, W), visible (H, W, 3) or None, and the scale.

    Raises:
        ModelError: if the given one is of another scale, or the pair too small.
    """
    rows, columns = pair.thermal.shape
    scale = wanted or 8
    if kind == "given":
        assert pair.thermal_lr is not None
        low_rows, low_columns = pair.thermal_lr.shape
        scale = rows // low_rows
        if (rows // scale, columns // scale) != (low_rows, low_columns):
            raise ModelError(
                f"{pair.name}: thermal {columns}x{rows} is no multiple of its thermal_lr "
                f"{low_columns}x{low_rows}"
            )
        if wanted not in (None, scale):
            raise ModelError(f"{pair.name}: the given low resolution is x{scale}, not x{wanted}")
    if min(rows, columns) < 2 * scale or scale < 1:
        raise ModelError(f"{pair.name}: {columns}x{rows} is too small for x{scale}")
    rows, columns = rows // scale * scale, columns // scale * scale
    truth = np.ascontiguousarray(pair.thermal[:rows, :columns])
    visible = None
    if pair.visible is not None:
        visible = np.ascontiguousarray(pair.visible[:rows, :columns])
    if kind == "given":
        assert pair.thermal_lr is not None
        return pair.thermal_lr, truth, visible, scale
    return degradation.named(kind, seed=index)(truth, scale), truth, visible, scale


def corrupt_thermal(thermal: str, low: Image, index: int) -> Image:
    """The low resolution, corrupted; levels of 16-bit counts are 255ths of their span.

    Args:
        thermal: `own`, `noise:SIGMA` (levels) or `blur:SIGMA` (sensor pixels).
        low: (h, w) uint8 or uint16.
        index: the pair's place in the folder, the seed of its noise.

    Raises:
        ModelError: see `parse_thermal_corruption`.
    """
    kind, sigma = parse_thermal_corruption(thermal)
    if kind == "own":
        return low
    picture = low.astype(np.float32)
    if kind == "blur":
        faulty = cv2.GaussianBlur(picture, (0, 0), sigma)
    else:
        span = 1.0 if low.dtype == np.uint8 else max(float(np.ptp(low)), 1.0) / metrics.RANGE
        noise = np.random.default_rng(index).standard_normal(low.shape, dtype=np.float32)
        faulty = picture + noise * np.float32(sigma * span)
    limits = np.iinfo(low.dtype)
    return np.clip(np.rint(faulty), limits.min, limits.max).astype(low.dtype)


def corrupt_guide(
    guide: str, shift: int, own: NDArray[np.uint8], paths: Sequence[PicturePaths], index: int
) -> NDArray[np.uint8]:
    """The guide in place of the pair's own, (H, W, 3) uint8 BGR like it.

    Args:
        guide: own, swapped, black or shifted.
        shift: pixels to the right.
        own: the pair's visible picture.
        paths: of the folder's pairs; half of them further on lies the swapped one.
        index: the pair's place among them.

    Raises:
        ModelError: if the other picture cannot be read.
    """
    if guide == "own":
        return own
    if guide == "black":
        return np.zeros_like(own)
    rows, columns = own.shape[:2]
    if guide == "swapped":
        path = paths[(index + len(paths) // 2) % len(paths)].visible
        assert path is not None  # of a folder of pairs
        other = read_visible(path)
        if other.shape == own.shape:
            return other
        return np.asarray(cv2.resize(other, (columns, rows)), dtype=np.uint8)
    source = np.clip(np.arange(columns) - shift, 0, columns - 1)
    return np.ascontiguousarray(own[:, source])
