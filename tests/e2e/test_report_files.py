"""Reports and pictures of whole runs: where they cannot be written, and of a run that fails."""

from pathlib import Path

import pytest

from tests.e2e.command import SMALL, report_of
from tests.e2e.conftest import InPlace, Refused

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [(("--headless", "--report"), "report"), (("--screenshot",), "screenshot")],
)
def test_a_path_that_cannot_be_written_is_said_before_anything_starts(
    refused: Refused, tmp_path: Path, arguments: tuple[str, ...], kind: str
) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "out"
    frames = () if kind == "report" else ("--duration", "600")
    done = refused("live", "--visible", "sim", *frames, *arguments, path)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"corefusion: {kind} {path}: ")


def test_a_run_that_fails_reports_all_the_same(whole_run: InPlace, tmp_path: Path) -> None:
    report = tmp_path / "new" / "r.json"
    done = whole_run(
        *("live", "--headless", "--model", "bilinear", *SMALL, "--report", report),
        *("--visible", tmp_path / "missing.mp4"),
    )
    assert done.returncode == 1
    assert "missing.mp4" in done.stderr.splitlines()[-1]
    assert report_of(report)["model"] in (None, "bilinear")
