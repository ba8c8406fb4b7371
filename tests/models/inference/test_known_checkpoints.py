"""A checkpoint is found again by its digest, wherever it lies."""

import os
from pathlib import Path

import pytest

from models.inference.known_checkpoints import KnownCheckpoints


@pytest.fixture
def known(tmp_path: Path) -> KnownCheckpoints:
    return KnownCheckpoints(tmp_path / "cache")


def weights(path: Path, content: bytes = b"weights") -> tuple[Path, str]:
    import hashlib

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path, hashlib.sha256(content).hexdigest()


def test_what_was_run_before_is_found(tmp_path: Path, known: KnownCheckpoints) -> None:
    path, digest = weights(tmp_path / "run" / "best.safetensors")
    known.add(path, digest)
    assert KnownCheckpoints(tmp_path / "cache").find("run/best", digest, ()) == path


def test_what_has_changed_since_is_not_taken_for_it(
    tmp_path: Path, known: KnownCheckpoints
) -> None:
    path, digest = weights(tmp_path / "best.safetensors")
    known.add(path, digest)
    path.write_bytes(b"others")
    assert known.find("best", digest, (tmp_path,)) is None


@pytest.mark.parametrize("place", ["best.safetensors", "run/best.safetensors"])
def test_beside_the_recording_its_name_is_enough(
    tmp_path: Path, known: KnownCheckpoints, place: str
) -> None:
    path, digest = weights(tmp_path / "beside" / place)
    assert known.find("run/best", digest, (tmp_path / "nowhere", tmp_path / "beside")) == path


def test_a_name_that_is_none_is_not_followed_into_a_pipe(
    tmp_path: Path, known: KnownCheckpoints
) -> None:
    os.mkfifo(tmp_path / "pipe.safetensors")
    for name in ("pipe", "x" * 300, "zero\0byte", "\udcff"):
        assert known.find(name, "0" * 64, (tmp_path,)) is None


def test_a_cache_that_cannot_be_read_or_written_costs_nothing(tmp_path: Path) -> None:
    path, digest = weights(tmp_path / "a.safetensors")
    (tmp_path / "file").touch()
    nowhere = KnownCheckpoints(tmp_path / "file")
    nowhere.add(path, digest)
    assert nowhere.find("b", digest, ()) is None
    (tmp_path / "checkpoints.json").write_bytes(b"\xff none")
    KnownCheckpoints(tmp_path).add(path, digest)
    assert KnownCheckpoints(tmp_path).find("b", digest, ()) == path


def test_no_more_are_remembered_than_are_of_use(tmp_path: Path, known: KnownCheckpoints) -> None:
    for number in range(210):
        known.add(tmp_path / f"{number}.safetensors", f"{number:064}")
    assert len(known._known()) == 200
    assert f"{209:064}" in known._known()
