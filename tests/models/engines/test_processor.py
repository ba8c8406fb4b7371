from pathlib import Path

import pytest

from models.engines.processor import processor_flags, products_saturate


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        (
            "model name\t: X\nflags\t\t: fpu avx2 avx_vnni\nbugs\t: none\n",
            {"fpu", "avx2", "avx_vnni"},
        ),
        ("processor: 0\nFeatures\t: fp asimd i8mm\n", {"fp", "asimd", "i8mm"}),
        ("", set()),
    ],
)
def test_flags_are_the_kernels(tmp_path: Path, text: str, flags: set[str]) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    assert processor_flags(tmp_path) == flags


def test_where_nothing_tells_of_the_processor_no_flag_is_known(tmp_path: Path) -> None:
    assert processor_flags(tmp_path) == frozenset()


@pytest.mark.parametrize(
    ("flags", "machine", "clipped"),
    [
        ({"avx2"}, "x86_64", True),
        ({"avx2", "avx512f", "avx512_vnni"}, "x86_64", False),
        ({"avx2", "avx_vnni"}, "AMD64", False),
        (set(), "x86_64", True),
        ({"asimd"}, "aarch64", False),
    ],
)
def test_sums_are_clipped_before_vnni(flags: set[str], machine: str, clipped: bool) -> None:
    assert products_saturate(frozenset(flags), machine) is clipped
