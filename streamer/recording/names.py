"""How a recording is called: while it is written, and then."""

from pathlib import Path

SUFFIX = ".mcap"
PART = ".part"


def part_of(path: Path) -> Path:
    """What the recording of this name is called until it is closed."""
    return path.with_name(path.name + PART)
