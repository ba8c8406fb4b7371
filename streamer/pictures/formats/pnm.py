"""Portable greymaps and pixmaps written as text (P2, P3), sample by sample.

OpenCV stretches those of 8 bits to 255, whatever their largest value is said to be.
"""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = (b"P2", b"P3")

_COMMENT = re.compile(rb"#[^\n]*")
_HEAD = 4  # P2, width, height, largest value


def read_text_pnm(data: bytes) -> NDArray[Any]:
    """(H, W), or (H, W, 3) in the order red, green, blue; uint8 or uint16.

    Args:
        data: of a file that begins with MAGIC, whose size was looked at.

    Raises:
        ValueError: it is cut off, or its samples are none.
    """
    words = _COMMENT.sub(b"", data).split(maxsplit=_HEAD)
    try:
        columns, rows, top = map(int, words[1:_HEAD])
        text = words[_HEAD].decode("ascii") if len(words) > _HEAD else ""
        samples = np.array(text.split(), dtype=np.int64)
    except (UnicodeDecodeError, ValueError, OverflowError) as error:
        raise ValueError("its samples are no whole numbers") from error
    shape = (rows, columns) if data.startswith(b"P2") else (rows, columns, 3)
    if samples.size < np.prod(shape):
        raise ValueError(f"{samples.size} samples of {np.prod(shape)}: it is cut off")
    samples = samples[: np.prod(shape)].reshape(shape)
    low, high = samples.min(), samples.max()
    if not 0 < top < 2**16 or low < 0 or high > top:
        raise ValueError(f"samples of {low} to {high}, and {top} at most is said")
    return samples.astype(np.uint8 if top < 2**8 else np.uint16)
