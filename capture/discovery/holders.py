"""Which programs hold a video node; of other users' programs nothing can be told."""

import os
from pathlib import Path


def holders(node: Path, proc: Path = Path("/proc")) -> list[str]:
    """Programs as `name (process number)`, this one left out; empty where none is known.

    Args:
        node: as `/dev/video0`.
        proc: the folder of processes.
    """
    try:
        target = node.resolve(strict=True)
    except OSError:
        return []
    found = []
    for process in proc.iterdir() if proc.is_dir() else ():
        if process.name.isdigit() and int(process.name) != os.getpid() and _holds(process, target):
            found.append(f"{_name(process)} ({process.name})")
    return sorted(found)


def _holds(process: Path, target: Path) -> bool:
    try:
        return any(each.readlink() == target for each in (process / "fd").iterdir())
    except OSError:  # it ended, or is another user's
        return False


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a program"
