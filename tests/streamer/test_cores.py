"""Cores as the affinity and control groups of a host leave them, written as the kernel does."""

import os
from pathlib import Path

import pytest

from streamer.cores import available_cores


def host(root: Path, cgroup: str, **files: str) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(cgroup)
    for name, content in files.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


@pytest.fixture(autouse=True)
def sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)


@pytest.mark.parametrize(
    ("cgroup", "files", "cores"),
    [
        ("0::/\n", {}, 16),
        ("0::/\n", {"cpu.max": "max 100000\n"}, 16),
        ("0::/\n", {"cpu.max": "200000 100000\n"}, 2),
        ("0::/\n", {"cpu.max": "150000 100000\n"}, 2),
        ("0::/\n", {"cpu.max": "1000 100000\n"}, 1),
        ("0::/\n", {"cpu.max": "9900000 100000\n"}, 16),
        (
            "0::/system.slice/a:b.service\n",
            {"system.slice/a:b.service/cpu.max": "300000 100000\n", "cpu.max": "max 100000\n"},
            3,
        ),
        (
            "0::/system.slice/a.service\n",
            {"system.slice/cpu.max": "300000 100000\n", "system.slice/a.service/cpu.max": "max 1"},
            3,
        ),
        (
            "4:memory:/docker/1\n3:cpuset:/docker/1\n2:cpu,cpuacct:/docker/1\n",
            {
                "cpu/docker/1/cpu.cfs_quota_us": "400000\n",
                "cpu/docker/1/cpu.cfs_period_us": "100000\n",
            },
            4,
        ),
        (
            "2:cpuacct:/\n1:cpu:/\n",  # inside the container its own group is the root
            {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"},
            16,
        ),
        ("nonsense\n0::\n", {"cpu.max": "lots\n"}, 16),
    ],
)
def test_a_quota_counts_as_cores(
    tmp_path: Path, cgroup: str, files: dict[str, str], cores: int
) -> None:
    assert available_cores(host(tmp_path, cgroup, **files)) == cores


def test_a_host_that_tells_nothing_has_the_cores_of_the_affinity(tmp_path: Path) -> None:
    assert available_cores(tmp_path) == 16


def test_this_host_has_some() -> None:
    assert available_cores() >= 1
