"""Writes pairs of the simulated rig as a data folder, for training and for tests of it."""

import importlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2

from streamer.errors import CorefusionError
from streamer.paths import PathKind, kind_of

KINDS = ("day", "night", "smoke")

_PAIRS = "capture.scene.pairs"
_QUALITY = 95  # of the visible JPEG

_ABOUT = """Pairs of pictures that a program painted: no camera took them, nothing in them is real.

    {command}

The same command of the same release paints the same pairs. visible/ is what light shows, thermal/
what a thermal camera's automatic gain makes of the heat, 8 bit; stems pair them and say what is
shown. They may be used for anything, under the licence of the program (Apache-2.0).
"""


class SimulationError(CorefusionError):
    """Pairs that cannot be written; names the folder, what was wanted and what came."""


def write_pairs(
    output: Path,
    count: int,
    seed: int,
    kinds: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Paint pairs into a folder; it gets its name when it is whole.

    Args:
        output: a folder that does not exist.
        count: how many.
        seed: of all of them.
        kinds: of KINDS, taking turns; none is day three times in five, night and smoke once.
        progress: called with the pairs done, and with all of them.

    Raises:
        SimulationError: the folder exists or cannot be written.
        PathError: its path cannot be looked at.
    """
    if kind_of(output) is not PathKind.MISSING:
        raise SimulationError(f"{output} exists already; a new folder wanted")
    if not output.name:
        raise SimulationError(f"{str(output)!r}: the name of a folder wanted")
    simulated_pair = importlib.import_module(_PAIRS).simulated_pair
    part = output.with_name(f"{output.name}.part")
    try:
        for name in ("visible", "thermal"):
            (part / name).mkdir(parents=True)
        digits = max(4, len(str(count - 1)))
        for number in range(count):
            visible, thermal, shown = simulated_pair(seed, number, tuple(kinds))
            stem = f"{number:0{digits}d}_{shown.replace(' ', '_')}"
            quality = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
            _write(part / "visible" / f"{stem}.jpg", cv2.imencode(".jpg", visible, quality)[1])
            _write(part / "thermal" / f"{stem}.png", cv2.imencode(".png", thermal)[1])
            progress(number + 1, count)
        scenes = "".join(f" --scene {kind}" for kind in kinds)
        command = f"corefusion simulate --count {count} --seed {seed}{scenes}"
        (part / "README.txt").write_text(_ABOUT.format(command=command), encoding="utf-8")
        part.rename(output)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise SimulationError(f"{output}: {error.strerror or error}") from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _write(path: Path, encoded: cv2.typing.MatLike) -> None:
    path.write_bytes(encoded.tobytes())
