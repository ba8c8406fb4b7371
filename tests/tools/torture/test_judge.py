"""What a run does wrong is found: commands that do it on purpose, and reports that lie."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streamer.supervision.report import AgeMs, ConsistencyReport, Report
from tools.torture.judging.judge import judge_digest, judge_end, judge_report
from tools.torture.runs.run import Evidence
from tools.torture.runs.site import Campsite, Site

SOON_S = 20.0


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    shared = Campsite(tmp_path)
    yield shared.site("try")
    shared.close()


def done(site: Site, program: str, allowed_s: float = SOON_S) -> Evidence:
    with site.start(command=[sys.executable, "-c", program]) as run:
        return run.finish(allowed_s, 0.5)


def test_a_good_run_is_good(site: Site) -> None:
    assert judge_end(done(site, "print('fine')")) == []


FAULTS = {
    "a traceback": (  # as Python writes it, but for the lines that differ by its version
        "raise SystemExit('Traceback (most recent call last):\\n  File\\nValueError: secret')",
        "Traceback",
        2,
    ),
    "an exit code": ("raise SystemExit(7)", "exit code 7, 0 or 1 wanted", 1),
    "a failure without a word": ("raise SystemExit(1)", "without a line that says why", 1),
    "many lines": ("import sys; [print(n, file=sys.stderr) for n in range(9)]", "9 lines", 1),
    "a long line": ("import sys; print('x' * 5000, file=sys.stderr)", "5000 characters", 1),
    "a crash": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "exit code -11", 1),
    "a directory": (
        "import os; os.mkdir(os.environ['XDG_RUNTIME_DIR'] + '/corefusion-1-x')",
        "left behind in the runtime directory: corefusion-1-x",
        1,
    ),
    "an orphan": (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " start_new_session=True)",
        "orphan: ",
        2,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(site: Site, fault: str) -> None:
    program, words, count = FAULTS[fault]
    found = judge_end(done(site, program))
    assert any(words in one for one in found), found
    assert len(found) == count, found


def test_a_run_that_does_not_end_is_found_and_ended(site: Site) -> None:
    evidence = done(site, "import time; time.sleep(60)", allowed_s=0.3)
    (found,) = judge_end(evidence)
    assert found.startswith("hangs: ended: not within")
    assert evidence.orphans == []


def report(**changes: Any) -> Report:
    told: dict[str, Any] = {
        "frames": 3,
        "duration_s": 0.2,
        "fps": 10.0,
        "age_ms": AgeMs(5.0, 6.0, 7.0),
        "stage_ms": {},
        "modes": {"guided": 2, "hold": 1},
        "mode_changes": [(0.1, "guided", "hold"), (0.2, "hold", "guided")],
        "dropped": {"visible/gap": 1},
        "restarts": {"inference": 1},
        "painted": None,
        "psnr_db": None,
        "psnr_series": [],
        "consistency": ConsistencyReport(None, None),
        "engine": "opencv",
        "precision": "f32",
        "model": "bilinear",
        "peak_rss_mb": 1.0,
    }
    return Report(**{**told, **changes})


def judged(tmp_path: Path, told: Report, **options: Any) -> list[str]:
    path = tmp_path / "r.json"
    path.write_bytes(msgspec.json.encode(told))
    return judge_report(path, **options)


def test_a_report_that_agrees_is_good(tmp_path: Path) -> None:
    options = {"seen": 3, "restarts": {"inference": (1, 1)}}
    assert judged(tmp_path, report(), **options) == []


@pytest.mark.parametrize(
    ("changes", "options", "words"),
    [
        ({"frames": 4}, {}, "4 frames, and modes of 3"),
        ({}, {"seen": 4}, "3 frames, and 4 were told of"),
        ({"dropped": {"visible/gap": -1}}, {}, "dropped visible/gap: -1"),
        ({"age_ms": AgeMs(9.0, 6.0, 7.0)}, {}, "ages"),
        ({"fps": None}, {}, "fps None of 3 frames"),
        ({}, {"restarts": {"inference": (0, 0)}}, "inference restarted 1 times: 0 to 0 wanted"),
        ({"mode_changes": [(0.1, "hold", "hold")]}, {}, "a change from hold to itself"),
        (
            {"mode_changes": [(0.2, "guided", "hold"), (0.1, "hold", "guided")]},
            {},
            "changes of mode at 0.2 s, then at 0.1 s",
        ),
        (
            {"mode_changes": [(0.1, "guided", "hold"), (0.2, "no_signal", "guided")]},
            {},
            "mode hold from 0.1 s on, and left for another as no_signal",
        ),
        ({"dropped": {"thermal/late": 2}, "lockstep": True}, {"lockstep": True}, "in lockstep"),
    ],
)
def test_a_report_that_lies_is_found(
    tmp_path: Path, changes: dict[str, Any], options: dict[str, Any], words: str
) -> None:
    (found,) = judged(tmp_path, report(**changes), **options)
    assert words in found


def test_a_report_that_is_none_is_found(tmp_path: Path) -> None:
    assert judge_report(tmp_path / "r.json")[0].startswith("report: ")
    (tmp_path / "r.json").write_text('{"frames": ')
    assert judge_report(tmp_path / "r.json")[0].startswith("report: ")


def test_other_results_are_found(tmp_path: Path) -> None:
    judged(tmp_path, report(result_sha256="ab"))
    assert judge_digest(tmp_path / "r.json", "ab") == []
    assert judge_digest(tmp_path / "r.json", "cd") == ["result_sha256 ab: cd wanted"]
