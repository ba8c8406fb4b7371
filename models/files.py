"""Writing a file whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a path to write to, in the same folder; it takes the place of `path` once written.

    A reader finds the file of before or the new one, never half of it; where the block fails, the
    file of before stays.

    Raises:
        OSError: if the file written cannot take its place.
    """
    partial = path.with_suffix(".partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
