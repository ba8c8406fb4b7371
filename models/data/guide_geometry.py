"""A guide that does not fit: moved against its thermal picture, as two cameras are in a hand.

The guide alone is moved; the network has to learn from what the two have in common how far it may
follow it. Amounts are in pixels of the visible picture at its own size (after resampling, where a
pair is resampled). Phone cameras with a thermal sensor beside them are 3 to 19 pixels off, another
amount in each picture.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.augmentation_config import GuideGeometry

Generator = np.random.Generator
Plane = NDArray[np.float32]
Size = tuple[int, int]

CELL_PX = 48
"""Side of the cells that pseudo-depth is drawn in: things at two distances are as far apart."""


def moved_guide(
    visible: NDArray[np.uint8], place: Size, crop_hw: Size, geometry: GuideGeometry, rng: Generator
) -> NDArray[np.uint8] | None:
    """A crop of the visible picture as a camera beside the thermal one sees it.

    Args:
        visible: (H, W, 3) uint8.
        place: (row, column) of the crop.
        crop_hw: its size.
        geometry: what may happen.
        rng: drawn from; not at all where nothing may happen.

    Returns:
        (h, w, 3) uint8, the picture's edges repeated beyond them; None where nothing was drawn.
    """
    offset = draw_displacement(visible.shape[:2], place, crop_hw, geometry, rng)
    if offset is None:
        return None
    x, y = _coordinates(place, crop_hw)
    across, down = offset[0] + x, offset[1] + y
    moved = cv2.remap(visible, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, dtype=np.uint8)


def draw_displacement(
    picture_hw: Size, place: Size, crop_hw: Size, geometry: GuideGeometry, rng: Generator
) -> Plane | None:
    """(2, h, w) pixels to the right and down at which each pixel of a crop finds its guide.

    None where nothing was drawn. Arguments as of `moved_guide`.
    """
    if not geometry.active:
        return None
    happens = [rng.random() < chance for chance in geometry.chances]
    if not any(happens):
        return None
    shifted, scaled, rotated, perspective, parallax = happens
    matrix = np.eye(3)
    if perspective:
        matrix = _perspective(picture_hw, geometry.perspective_px, rng)
    angle = math.radians(rng.uniform(-1, 1) * geometry.rotation_deg) if rotated else 0.0
    factor = 1 + rng.uniform(-1, 1) * geometry.scale if scaled else 1.0
    matrix = _about_centre(picture_hw, factor, angle) @ matrix
    if shifted:
        matrix[:2] += np.outer(rng.uniform(-1, 1, 2) * geometry.shift_px, matrix[2])
    offset = _offset(matrix, *_coordinates(place, crop_hw))
    if parallax:
        offset += _parallax(crop_hw, geometry.parallax_px, rng)
    return offset


def described(geometry: GuideGeometry, crop_px: int, draws: int = 1000) -> str | None:
    """One line on what a run does to its guides, measured on 640x480; None where it is nothing.

    Args:
        geometry: of the run.
        crop_px: side of its crops; 0 for whole frames.
        draws: guides drawn to measure.
    """
    if not geometry.active:
        return None
    rng = np.random.default_rng(0)
    picture = (480, 640)
    crop = (min(crop_px, 480) or 480, min(crop_px, 640) or 640)
    means = []
    for _ in range(draws):
        place = tuple(int(rng.integers(p - c + 1)) for p, c in zip(picture, crop, strict=True))
        offset = draw_displacement(picture, (place[0], place[1]), crop, geometry, rng)
        if offset is not None:
            means.append(float(np.hypot(*offset).mean()))
    if not means:
        return None
    half, most = np.percentile(means, (50, 95))
    return (
        f"guides moved: {len(means) / draws:.0%} of them, half by {half:.1f} px or more, one in "
        f"twenty by {most:.1f} px or more ({_parts(geometry)})"
    )


def _parts(geometry: GuideGeometry) -> str:
    amounts = (
        f"shift {geometry.shift_px:g} px",
        f"scale {geometry.scale:.1%}",
        f"rotation {geometry.rotation_deg:g} deg",
        f"perspective {geometry.perspective_px:g} px",
        f"parallax {geometry.parallax_px:g} px",
    )
    chances = zip(geometry.chances, amounts, strict=True)
    return ", ".join(f"{chance:.0%} {amount}" for chance, amount in chances if chance > 0)


def _coordinates(place: Size, crop_hw: Size) -> tuple[Plane, Plane]:
    """X (1, w) and y (h, 1) of a crop's pixels in their picture."""
    y, x = (
        np.arange(start, start + side, dtype=np.float32)
        for start, side in zip(place, crop_hw, strict=True)
    )
    return x[None, :], y[:, None]


def _offset(matrix: NDArray[np.float64], x: Plane, y: Plane) -> Plane:
    """(2, h, w): where a homography takes each pixel, less where it is."""
    rows = matrix.astype(np.float32)  # a ten-thousandth of a pixel, and half the time
    offset = np.stack([row[0] * x + (row[1] * y + row[2]) for row in rows[:2]])
    if rows[2, 0] or rows[2, 1]:
        offset /= rows[2, 0] * x + (rows[2, 1] * y + rows[2, 2])
    offset[0] -= x
    offset[1] -= y
    return offset


def _about_centre(picture_hw: Size, factor: float, angle: float) -> NDArray[np.float64]:
    middle = np.array([(picture_hw[1] - 1) / 2, (picture_hw[0] - 1) / 2])
    turn = factor * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    matrix = np.eye(3)
    matrix[:2, :2] = turn
    matrix[:2, 2] = middle - turn @ middle
    return matrix


def _perspective(picture_hw: Size, most_px: float, rng: Generator) -> NDArray[np.float64]:
    """Each corner of the picture moved by up to `most_px` along each axis."""
    right, bottom = picture_hw[1] - 1, picture_hw[0] - 1
    corners = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], dtype=np.float32)
    moved = (corners + rng.uniform(-most_px, most_px, (4, 2))).astype(np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners, moved), dtype=np.float64)


def _parallax(crop_hw: Size, most_px: float, rng: Generator) -> Plane:
    """Along one baseline, by a smooth pseudo-depth around the distance the two are aligned for."""
    cells = [max(2, -(-side // CELL_PX)) + 1 for side in crop_hw]
    depth = cv2.resize(
        rng.uniform(-1, 1, cells).astype(np.float32), crop_hw[::-1], interpolation=cv2.INTER_CUBIC
    )
    depth = depth / np.abs(depth).max() * rng.uniform(0, most_px)
    angle = rng.uniform(0, 2 * math.pi)
    return np.stack((depth * math.cos(angle), depth * math.sin(angle))).astype(np.float32)
