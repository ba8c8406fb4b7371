"""A training run that is stopped by a signal and goes on."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.command import corefusion, started
from tests.e2e.conftest import Refused
from tests.support.fake_session import DEADLINE_S
from tests.support.training import small_run

pytestmark = pytest.mark.e2e
pytest.importorskip("torch", reason="PyTorch is not installed")


def test_a_damaged_video_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "a.mp4").write_bytes(b"no video at all")
    run = corefusion(*small_run(tmp_path / "videos", tmp_path / "run", 1))
    assert run.returncode == 1
    # The decoder's own words would name no file; a process is silenced where it first decodes.
    assert run.stderr == f"corefusion: {tmp_path}/videos/a.mp4 is not a video that can be read\n"


def test_a_signal_saves_and_resume_goes_on(
    make_folder: Callable[..., Path], tmp_path: Path, refused: Refused
) -> None:
    from models import checkpoint

    output = tmp_path / "run"
    often = ("--set", "save_seconds=0")  # the first save tells that steps are being made
    with started(*small_run(make_folder(), output, 100_000, *often)) as run:
        deadline = time.monotonic() + 2 * DEADLINE_S
        while not (output / "last.safetensors").exists():
            assert run.poll() is None, run.communicate()
            assert time.monotonic() < deadline, "no step was saved"
            time.sleep(0.05)
        run.send_signal(signal.SIGTERM)
        said, errors = run.communicate(timeout=2 * DEADLINE_S)
    assert run.returncode == 0, errors
    assert "stopped; the same command with --resume goes on" in said
    done = checkpoint.load(output / "last.safetensors")[1].training["step"]
    assert done > 0
    in_this_process = refused  # where nothing has to be imported again
    again = in_this_process(*small_run(make_folder("set2"), output, done + 3, *often, "--resume"))
    assert again.returncode == 0, again.stderr
    assert checkpoint.load(output / "last.safetensors")[1].training["step"] == done + 3
