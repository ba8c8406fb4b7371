"""Crafted input that takes its reader along is found; figures become the table of aims."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.torture.aims import rows
from tools.torture.campaign import Finding, Results
from tools.torture.report import write_report
from tools.torture.runs.pace import Delays, Pace
from tools.torture.runs.site import Campsite, Site
from tools.torture.scenarios.crafted import watch


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    shared = Campsite(tmp_path)
    yield shared.site("try")
    shared.close()


@pytest.mark.parametrize(
    ("program", "wanted"),
    [
        ("open('case', 'w').write('done')", (None, "")),
        (
            "import os, signal\n"
            "open('case', 'w').write('17')\n"
            "os.kill(os.getpid(), signal.SIGSEGV)",
            (17, "ended with -11"),
        ),
        ("raise SystemExit(4)", (None, "ended with 4")),
    ],
)
def test_a_case_that_ends_its_reader_is_known(
    site: Site, program: str, wanted: tuple[int | None, str]
) -> None:
    with site.start(command=[sys.executable, "-c", program]) as run:
        assert watch(run, 20) == wanted


def test_a_case_without_end_is_known_and_ended(site: Site) -> None:
    program = "open('case', 'w').write('3')\nwhile True: pass"
    with site.start(command=[sys.executable, "-c", program]) as run:
        at, why = watch(run, 0.5)
    assert at == 3
    assert why.startswith("has not ended after ")


def test_the_crafted_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    from random import Random

    from tools.torture.crafted.subjects import SUBJECTS

    for subject in (SUBJECTS["messages"], SUBJECTS["options"]):
        subject.prepare(tmp_path)
        first, second = (subject.craft(Random("1/2"), tmp_path) for _ in range(2))
        assert first == second


def test_aims_are_kept_by_all_or_not_at_all() -> None:
    table = rows(Counter(SIGKILL=3, pictures=10, videos=5), {"back_s": [0.5, 1.0, 2.5]}, 0)
    told = {row.aim.partition(",")[0]: (row.came, row.kept) for row in table}
    assert told["a killed process runs again"] == ("2 of 3; p50 1.00, p95 2.35, max 2.50", False)
    assert told["kills and stops"] == ("3", None)
    assert told["mutated files"] == ("15", None)
    assert told["recorded frames lost before a kill: 0.5 s at most"] == ("-", None)


def test_a_report_says_how_to_repeat_a_finding(tmp_path: Path) -> None:
    results = Results(seed=5)
    results.findings = [Finding("kills", 3, "record: SIGKILL recorder", ["it hangs"], "x")]
    results.measured["lost_s"] = [0.1, 0.2]
    results.counts["SIGKILL"] = results.tries["kills"] = 4
    text = write_report(results, tmp_path)
    repeat = 'make torture ARGS="--seed 5 --only kills --index 3"'
    assert repeat in text
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["findings"][0]["repeat"] == repeat
    assert written["measured"]["lost_s"]["n"] == 2
    assert written["counts"] == {"SIGKILL": 4}


def test_what_a_busy_host_takes_is_not_held_against_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    at = 100.0
    monkeypatch.setattr("tools.torture.runs.pace.time.monotonic", lambda: at)
    delays = Delays()
    s = 10**9
    delays._grown = [
        (101.0, 1, Path("1"), s),
        (103.0, 2, Path("2"), 3 * s),
        (103.0, 2, Path("another thread of 2"), s),
        (104.0, 3, Path("3"), 2 * s),
    ]
    at = 110.0
    # the supervisor's second, and three of the busiest of the others
    assert delays.idle_s(100.0, supervisor=1) == pytest.approx(6.0)
    assert delays.idle_s(102.0, supervisor=1) == pytest.approx(5.0)
    assert delays.idle_s(105.0, supervisor=1) == pytest.approx(5.0)


def test_a_slow_host_is_allowed_more() -> None:
    pace = Pace()
    assert pace.allowed_s("back") == 6.0
    pace.idle_s = {"back": 4.0}
    assert pace.allowed_s("back") == 24.0
