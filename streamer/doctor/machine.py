"""The machine: its processor, its memory, and the NVIDIA driver, if there is one."""

import platform
import re
from pathlib import Path

import psutil

from streamer.doctor.page import Finding, Level

_SECTION = "machine"
_FEATURES = {  # of /proc/cpuinfo, and what they are for
    "avx2": "AVX2",
    "avx512f": "AVX-512",
    "avx_vnni": "VNNI",
    "avx512_vnni": "AVX-512 VNNI",
    "avx512_bf16": "AVX-512 BF16",
    "amx_int8": "AMX int8",
    "amx_bf16": "AMX bf16",
    "asimd": "NEON",
    "asimddp": "dot product",
    "i8mm": "int8 matrices",
    "bf16": "bf16",
}
_GB = 1e9
_SCARCE_GB = 1.0


def machine_findings(proc: Path = Path("/proc")) -> list[Finding]:
    """Processor and memory.

    Args:
        proc: where the kernel tells of itself.
    """
    text = _text(proc / "cpuinfo")
    memory = psutil.virtual_memory()
    free_gb = memory.available / _GB
    scarce = free_gb < _SCARCE_GB
    return [
        Finding(_SECTION, "processor", f"{_processor(text)}, {psutil.cpu_count() or 1} threads"),
        Finding(_SECTION, "features", ", ".join(cpu_features(text)) or "none that matters here"),
        Finding(
            _SECTION,
            "memory",
            f"{free_gb:.1f} GB free of {memory.total / _GB:.1f} GB",
            Level.WARNING if scarce else Level.OK,
            "close other programs: a run takes about 1 GB" if scarce else "",
        ),
    ]


def cpu_features(cpuinfo: str) -> list[str]:
    """Those of the processor's features that make a network fast."""
    line = re.search(r"^(?:flags|Features)\s*:(.*)$", cpuinfo, re.MULTILINE)
    flags = set(line[1].split()) if line else set()
    return [name for flag, name in _FEATURES.items() if flag in flags]


def nvidia_driver(proc: Path = Path("/proc")) -> str:
    """The version of the NVIDIA driver; empty where there is none."""
    text = _text(proc / "driver" / "nvidia" / "version")
    found = re.search(r"\b(\d{3}\.[\d.]+)\b", text)
    return found[1] if found else ("unknown version" if text else "")


def nvidia_devices(proc: Path = Path("/proc")) -> list[str]:
    """The names of the NVIDIA devices that the driver drives."""
    cards = sorted((proc / "driver" / "nvidia" / "gpus").glob("*/information"))
    names = [re.search(r"^Model:\s*(.+)$", _text(card), re.MULTILINE) for card in cards]
    return [name[1].strip() for name in names if name]


def _processor(cpuinfo: str) -> str:
    name = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return name[1] if name else platform.processor() or platform.machine()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
