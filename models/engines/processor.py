"""What a processor can do that decides how a graph is made for it."""

import platform
import re
from pathlib import Path

_SUMS_IN_32_BITS = frozenset({"avx_vnni", "avx512_vnni", "amx_int8"})
_X86 = frozenset({"x86_64", "AMD64", "i686", "x86"})


def processor_flags(proc: Path = Path("/proc")) -> frozenset[str]:
    """The kernel's words for what it can do; none where that cannot be read.

    Args:
        proc: where the kernel tells of itself.
    """
    try:
        text = (proc / "cpuinfo").read_text(errors="replace")
    except OSError:
        return frozenset()
    line = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    return frozenset(line[1].split()) if line else frozenset()


def products_saturate(flags: frozenset[str], machine: str = "") -> bool:
    """Whether sums of two 8-bit products are held in 16 bits, and clipped there.

    So it is on x86 before VNNI (`vpmaddubsw`, Intel SDM volume 2): 2 * 255 * 127 does not fit.

    Args:
        flags: of `processor_flags`; where none are known it is taken for an older one.
        machine: its kind, as `platform.machine` has it; empty: this one.
    """
    return (machine or platform.machine()) in _X86 and not flags & _SUMS_IN_32_BITS
