"""One pair of cameras: how the visible picture is brought to the thermal one's view."""

import math
from typing import Literal, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.geometry import Points, Size, ideal, projected, seen, similarity

FORMAT = 1

Method = Literal["itself", "points", "board", "fields_of_view", "hand"]
Number = float
Row = tuple[Number, Number, Number]


class View(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A camera as it was when the calibration was made.

    Attributes:
        camera: its name, as it says itself.
        width: pixels.
        height: pixels.
        k1: of its lens: what is seen at radius r (in half widths) is ideally at
            r / (1 + k1 r^2 + k2 r^4).
        k2: likewise.
    """

    camera: str = ""
    width: int
    height: int
    k1: Number = 0.0
    k2: Number = 0.0

    @property
    def size(self) -> Size:
        """(H, W)."""
        return self.height, self.width


class Parallax(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far what is near moves between two cameras that are not at one place.

    Attributes:
        baseline_m: metres from the thermal to the visible camera, to the right and down.
        field_of_view_deg: of the visible camera, horizontal.
        distance_m: where the calibration's matrix fits.
    """

    baseline_m: tuple[Number, Number]
    field_of_view_deg: Number
    distance_m: Number

    def moved(self, distance_m: float) -> NDArray[np.float64]:
        """(2,): how far things at another distance lie from there, visible half widths."""
        focal = 1 / math.tan(math.radians(self.field_of_view_deg / 2))
        nearer = 1 / distance_m - 1 / self.distance_m
        return np.asarray(-focal * nearer * np.array(self.baseline_m))


class Calibration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A map from the thermal to the visible picture.

    Attributes:
        corefusion_calibration: the version of this form.
        date: when it was made, ISO 8601.
        method: how.
        residual_px: how far what it was made of lies from it, pixels of a canvas 640 wide.
        confidence: 0 to 1; of those that were found without a person.
        visible: the visible camera.
        thermal: the thermal camera.
        matrix: (3, 3), ideal thermal to ideal visible points, both in half widths.
        parallax: where it is known.
        unfit: why no visible picture is used with it; left out where one is.
    """

    corefusion_calibration: int = FORMAT
    date: str = ""
    method: Method
    residual_px: Number | None = None
    confidence: Number | None = None
    visible: View
    thermal: View
    matrix: tuple[Row, Row, Row]
    parallax: Parallax | None = None
    unfit: str | msgspec.UnsetType = msgspec.UNSET

    def visible_points(self, thermal: Points) -> Points:
        """Where points of the thermal picture (..., 2) are in the visible one; half widths."""
        straight = ideal(thermal, (self.thermal.k1, self.thermal.k2))
        found = projected(np.array(self.matrix), straight)
        return seen(found, (self.visible.k1, self.visible.k2))

    def at(self, distance_m: float) -> Self:
        """The same two cameras, lined up for another distance; as it is without a parallax."""
        if self.parallax is None or distance_m <= 0:
            return self
        step = np.eye(3)
        step[:2, 2] = self.parallax.moved(distance_m)
        return msgspec.structs.replace(
            self,
            matrix=rows_of(step @ np.array(self.matrix)),
            parallax=msgspec.structs.replace(self.parallax, distance_m=distance_m),
        )

    def nudged(self, scale: float, rotation_deg: float, shift_px: tuple[float, float]) -> Self:
        """Changed by hand: the visible picture larger, turned clockwise and moved.

        Args:
            scale: times.
            rotation_deg: degrees.
            shift_px: to the right and down, pixels of a canvas 640 wide.
        """
        change = similarity(scale, rotation_deg, (shift_px[0] / 320, shift_px[1] / 320))
        matrix = np.array(self.matrix) @ np.linalg.inv(change)
        return msgspec.structs.replace(self, matrix=rows_of(matrix))


class Placement(msgspec.Struct, frozen=True):
    """A map in the words of a person: the visible picture against the thermal one.

    Attributes:
        shift_px: of the middle, right and down, pixels of a canvas 640 wide.
        scale: things look so many times larger to the visible camera.
        rotation_deg: clockwise.
    """

    shift_px: tuple[float, float]
    scale: float
    rotation_deg: float

    @classmethod
    def of(cls, calibration: Calibration) -> Self:
        """At the middle of the picture."""
        near = 1e-3
        points = np.array([[0.0, 0.0], [near, 0.0], [0.0, near]])
        centre, right, down = calibration.visible_points(points)
        across, along = (right - centre) / near, (down - centre) / near
        scale = math.sqrt(abs(across[0] * along[1] - across[1] * along[0]))
        angle = math.degrees(math.atan2(across[1] - along[0], across[0] + along[1]))
        return cls((float(centre[0] * 320), float(centre[1] * 320)), scale, angle)


def rows_of(matrix: NDArray[np.float64]) -> tuple[Row, Row, Row]:
    """A homography as the file has it, its last number 1."""
    plain = (matrix / matrix[2, 2]).tolist()
    return tuple(plain[0]), tuple(plain[1]), tuple(plain[2])
