"""Memory over days, in minutes: `python -m tests.soak.days [SECONDS]`, or `measure` in a program.

A day of 30 Hz is 2.6 million sets of frames. A run of very small pictures at 240 Hz makes them in
three hours, a lockstep replay as fast as it goes; a few minutes show what grows with each frame. Of
each process its own memory (USS) is looked at once a second; told are the medians of the second and
of the last quarter of the run, in which nothing is warming up any more.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import psutil

from tests.e2e.command import COMMAND, environment

_SMALL = (
    *("--model", "bilinear", "--set", "inference.canvas_width=16"),
    *("--set", "inference.canvas_height=16"),
    *(
        option
        for stream in ("visible", "thermal")
        for option in (
            *("--set", f"capture.{stream}.width=8", "--set", f"capture.{stream}.height=8"),
            *("--set", f"capture.{stream}.rate_hz=240"),
        )
    ),
)
_DAY = 24 * 3600 * 30  # thermal frames
_MB = 2**20


class Growth(msgspec.Struct, frozen=True):
    """What one process took.

    Attributes:
        before_mb: median of the second quarter of the run.
        after_mb: of the last.
        most_mb: at any time.
        curve_mb: a median for each twelfth of the run.
    """

    before_mb: float
    after_mb: float
    most_mb: float
    curve_mb: list[float]

    @property
    def mb(self) -> float:
        """By how much it grew between the two."""
        return round(self.after_mb - self.before_mb, 2)


class Measured(msgspec.Struct, frozen=True):
    """One run.

    Attributes:
        seconds: it took.
        frames: results it made.
        day_share: what part of a day of 30 Hz that is.
        segments: files made, removed ones too.
        processes: what each took.
        total_most_mb: all together, resident, at any time.
    """

    seconds: float
    frames: int
    day_share: float
    segments: int
    processes: dict[str, Growth]
    total_most_mb: float


def measure(seconds: float, folder: Path) -> dict[str, Measured]:
    """Records in short segments of which the oldest are removed, then replays a recording.

    Args:
        seconds: how long to record; the replay takes about as long.
        folder: where to; some hundred megabytes.
    """
    kept, played = folder / "run-%04d", folder / "played"
    common = ("record", *_SMALL, "--visible", "sim", "--thermal", "sim")
    common = (*common, "--streams", "visible,thermal,sr")
    recorded = _watched(
        *(*common, "--duration", seconds, "--output", kept, "--report", folder / "r.json"),
        *("--set", "recording.segment_s=2", "--set", "recording.keep_mb=2"),
        folder=folder,
    )
    short = max(10.0, seconds / 2)
    subprocess.run(
        [*COMMAND, *map(str, (*common, "--duration", short, "--output", played))],
        check=True,
        env=environment(),
        stdout=subprocess.DEVNULL,
    )
    replayed = _watched(
        *("replay", played, "--headless", "--report", folder / "r.json"), folder=folder
    )
    return {"record": recorded, "replay": replayed}


def _watched(*arguments: object, folder: Path) -> Measured:
    sizes: defaultdict[str, list[float]] = defaultdict(list)
    total = 0.0
    numbers: set[str] = set()
    began = time.monotonic()
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)], env=environment(), stdout=subprocess.DEVNULL
    ) as run:
        while run.poll() is None:
            resident = 0.0
            for name, process in _processes(run.pid).items():
                try:
                    memory: Any = process.memory_full_info()
                except psutil.Error:
                    continue
                sizes[name].append(memory.uss / _MB)
                resident += memory.rss / _MB
            total = max(total, resident)
            numbers |= {path.name for path in folder.rglob("*.mcap*")}
            time.sleep(1.0)
        assert run.returncode == 0
    took = time.monotonic() - began
    frames = msgspec.json.decode((folder / "r.json").read_bytes())["frames"]
    return Measured(
        seconds=round(took, 1),
        frames=frames,
        day_share=round(frames / _DAY, 4),
        segments=len({name.partition(".")[0] for name in numbers}),
        processes={name: _growth(all_of) for name, all_of in sizes.items() if len(all_of) >= 12},
        total_most_mb=round(total, 1),
    )


def _processes(pid: int) -> dict[str, psutil.Process]:
    found: dict[str, psutil.Process] = {}
    try:
        found["corefusion"] = psutil.Process(pid)
        for child in found["corefusion"].children():
            found[child.cmdline()[-1]] = child
    except (psutil.Error, IndexError):
        pass
    return found


def _growth(sizes: list[float]) -> Growth:
    quarter = len(sizes) // 4
    return Growth(
        before_mb=round(statistics.median(sizes[quarter : 2 * quarter]), 2),
        after_mb=round(statistics.median(sizes[-quarter:]), 2),
        most_mb=round(max(sizes), 2),
        curve_mb=[
            round(
                statistics.median(sizes[part * len(sizes) // 12 : (part + 1) * len(sizes) // 12]), 1
            )
            for part in range(12)
        ],
    )


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 180.0
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(seconds, Path(folder))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(measured), indent=2).decode() + "\n")
    for kind, one in measured.items():
        grew = ", ".join(f"{name} {growth.mb:+.1f}" for name, growth in one.processes.items())
        sys.stdout.write(f"{kind}: {one.frames} frames, {one.day_share:.1%} of a day; MB: {grew}\n")


if __name__ == "__main__":
    main()
