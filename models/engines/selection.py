"""Which engine, at which precision.

`auto` is torch where a CUDA device answers and torch is there to use it, else OpenVINO. Neither
question imports torch. Precision: those of the chosen engine are tried at the first start on a
machine, a few frames each; the fastest that gives the same picture is kept in a small file, so
that later starts decide the same at once.
"""

import ctypes
import importlib.util
import json
import logging
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path

import cv2
import numpy as np

from models.engines.engine import Base, Engine, Guide, GuideHandle
from models.engines.spec import EngineName, Precision
from models.errors import ModelError
from models.files import atomic_write

log = logging.getLogger(__name__)

ALIKE = 0.02
"""How far a lower precision's picture may be from f32's, root mean square in 0..1: at bf16 it is
0.003, at int8 0.008; a CPU whose arithmetic is broken is far beyond this."""

RUNS, FEW_RUNS = 8, 3
"""Frames a precision is timed on, and how many of them are enough for one that is far behind."""

Build = Callable[[Precision], Engine]


@dataclass(frozen=True, slots=True)
class BenchmarkKey:
    """Everything a measured choice depends on."""

    engine: str
    library: str
    processor: str
    weights_sha256: str
    canvas: tuple[int, int]
    threads: int


def choose_engine(wanted: EngineName) -> EngineName:
    """The engine that `auto` comes to on this machine, or the one wanted.

    Raises:
        ModelError: for torch where it is not installed.
    """
    if wanted is EngineName.AUTO:
        usable = cuda_devices() > 0 and torch_installed()
        return EngineName.TORCH if usable else EngineName.OPENVINO
    if wanted is EngineName.TORCH and not torch_installed():
        raise ModelError("engine torch: PyTorch is not installed; pip install torch")
    return wanted


def choose_precision(
    key: BenchmarkKey, precisions: tuple[Precision, ...], build: Build, cache_dir: Path | None
) -> Precision:
    """The fastest precision that keeps the picture; measured once, remembered in `cache_dir`.

    Args:
        key: what the choice depends on.
        precisions: those to choose from, the exactest last.
        build: an engine of a precision.
        cache_dir: None remembers nothing.
    """
    if len(precisions) == 1:
        return precisions[0]
    entry = json.dumps(asdict(key), sort_keys=True)
    path = None if cache_dir is None else cache_dir / "precision.json"
    known = {} if path is None else _read(path)
    if known.get(entry) in precisions:
        return Precision(known[entry])
    timed = _measure(precisions, build, key.canvas)
    choice = min(timed, key=lambda precision: timed[precision])
    log.info(
        "%s at %dx%d: %s, so %s", key.engine, key.canvas[1], key.canvas[0],
        ", ".join(f"{name} {ms:.1f} ms" for name, ms in timed.items()), choice,
    )  # fmt: skip
    if path is not None:
        _remember(path, {**known, entry: choice})
    return choice


def cuda_devices() -> int:
    """CUDA devices the driver reports; 0 where there is no driver. No torch, a few ms."""
    for name in ("libcuda.so.1", "nvcuda.dll"):
        try:
            driver = ctypes.CDLL(name)
        except OSError:
            continue
        count = ctypes.c_int(0)
        if driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0:
            return count.value
    return 0


def torch_installed() -> bool:
    """Whether torch could be imported, without importing it."""
    return importlib.util.find_spec("torch") is not None


def processor() -> str:
    """The CPU's name as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _remember(path: Path, choices: dict[str, str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as partial:
            partial.write_text(json.dumps(choices, indent=1), encoding="utf-8")
    except OSError as error:
        log.warning("%s: choice not remembered: %s", path, error.strerror)


def _measure(
    precisions: tuple[Precision, ...], build: Build, canvas: tuple[int, int]
) -> dict[Precision, float]:
    """Milliseconds a frame for each precision whose picture is that of the exactest, the last."""
    base, guide = _scene(canvas)
    engines = {precision: build(precision) for precision in precisions}
    # Handles of their own: every frame is one with a new guide.
    pictures = {
        name: engine.infer(base, GuideHandle(guide)).copy() for name, engine in engines.items()
    }
    exact = pictures[precisions[-1]]
    timed: dict[Precision, float] = {}
    for name, engine in engines.items():
        error = float(np.sqrt(np.mean((pictures[name] - exact) ** 2)))
        if not error <= ALIKE:  # written so that NaN fails too
            log.warning("%s is left out: off by %.3g from %s", name, error, precisions[-1])
            continue
        durations: list[float] = []
        while len(durations) < RUNS:
            began = time.perf_counter()
            engine.infer(base, GuideHandle(guide))
            durations.append(1e3 * (time.perf_counter() - began))
            if len(durations) >= FEW_RUNS and min(durations) > 2 * min(timed.values(), default=inf):
                break
        timed[name] = min(durations)  # the least disturbed run compares best
    return timed


def _scene(canvas: tuple[int, int]) -> tuple[Base, Guide]:
    """Smooth shapes like a scene's: int8 ranges were found on scenes and do not hold for noise."""
    rng = np.random.default_rng(0)
    rows, columns = canvas
    base = cv2.resize(rng.uniform(0, 1, (12, 16)), (columns, rows)).astype(np.float32)
    guide = cv2.resize(rng.uniform(0, 255, (48, 64, 3)), (columns, rows)).astype(np.uint8)
    return base, guide


def _read(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
