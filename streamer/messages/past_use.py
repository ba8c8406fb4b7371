"""What the frames before a result gave it."""

from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

_CODES = 255


class PastShares(msgspec.Struct, frozen=True):
    """How much of each place of a result was measured before its own frame, a byte a cell.

    Cells lie evenly over the picture.

    Attributes:
        rows: of cells.
        columns: of cells.
        codes: row by row: 0 is nothing, 255 all.
    """

    rows: int
    columns: int
    codes: bytes

    def __post_init__(self) -> None:
        if min(self.rows, self.columns) < 1 or len(self.codes) != self.rows * self.columns:
            raise ValueError(
                f"{len(self.codes)} codes for {self.rows}x{self.columns} cells of past shares"
            )

    @classmethod
    def of(cls, shares: NDArray[np.float32]) -> Self:
        """The plane of (rows, columns), 0 to 1."""
        codes = np.rint(np.clip(shares, 0, 1) * _CODES).astype(np.uint8)
        rows, columns = shares.shape
        return cls(rows, columns, codes.tobytes())

    def shares(self) -> NDArray[np.float32]:
        """(rows, columns), 0 to 1."""
        codes = np.frombuffer(self.codes, np.uint8).reshape(self.rows, self.columns)
        return np.asarray(codes / np.float32(_CODES), dtype=np.float32)


class PastUse(msgspec.Struct, frozen=True):
    """How much of the past is in a result of several frames.

    Attributes:
        frames: of how many frames it is made, itself included; 1 is the result of one frame.
        share: 0 to 1: how much of what the frames before measured still counts.
        noise_counts: standard deviation of the sensor's noise from frame to frame, in counts.
        noise_mk: the same in millikelvin (a NETD); None without radiometry.
        let_go: why the past was forgotten at this frame: pause, jump, size or scene; empty where it
            was not.
        shares: the same place by place; left out unless somebody asks to see it.
        pattern_counts: standard deviation of the sensor's fixed pattern that was taken out of its
            measurement, in counts; 0 where none was.
        pattern_mk: the same in millikelvin; None without radiometry.
    """

    frames: int
    share: float
    noise_counts: float
    noise_mk: float | None = None
    let_go: str = ""
    shares: PastShares | msgspec.UnsetType = msgspec.UNSET
    pattern_counts: float = 0.0
    pattern_mk: float | None = None

    def __post_init__(self) -> None:
        if self.frames < 1 or not 0 <= self.share <= 1:
            raise ValueError(
                f"past of {self.frames} frames, share {self.share}: wanted 1 or more, and 0 to 1"
            )
