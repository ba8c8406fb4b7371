"""Runs the suite, and reads what came of it."""

import os
import shlex
import signal
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / ".anywhere"
_RUN_LIMIT_S = 3600.0


@dataclass
class Outcome:
    """What one condition came to."""

    condition: str
    verdict: str = "passed"
    """passed, failed or skipped"""
    why: str = ""
    tests: int = 0
    skipped_tests: int = 0
    seconds: list[float] = field(default_factory=list)
    """of each run of the suite, set-up left out"""
    failed_tests: list[str] = field(default_factory=list)

    def fail(self, why: str) -> None:
        """The condition does not hold; the first reason is kept."""
        self.verdict, self.why = "failed", self.why or why


class Session:
    """Runs commands for conditions, a log each, and takes along what they started."""

    def __init__(self, limit_s: float, data: Path | None) -> None:
        self.limit_s, self.data = limit_s, data
        self.scratch = Path(tempfile.mkdtemp(prefix="anywhere-", dir="/var/tmp"))

    def command(
        self, name: str, argv: list[str], outcome: Outcome, cwd: Path = ROOT, **environment: str
    ) -> bool:
        """Runs one command to its end, into `.anywhere/NAME.log`; says whether it exited 0."""
        left_out = {"PYTEST_ADDOPTS", "QT_QPA_PLATFORM", "PYTHONPATH"}
        inherited = {key: value for key, value in os.environ.items() if key not in left_out}
        log = OUTPUT / f"{name}.log"
        with log.open("wb") as output:
            run = subprocess.Popen(
                argv,
                cwd=cwd,
                env=inherited | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = run.wait(_RUN_LIMIT_S)
            except subprocess.TimeoutExpired:
                code = -1
            finally:
                if run.poll() is None:
                    os.killpg(run.pid, signal.SIGKILL)
                    run.wait()
        if code != 0:
            outcome.fail(f"exit code {code}, see {log.relative_to(ROOT)}")
        return code == 0

    def suite(
        self,
        outcome: Outcome,
        name: str = "",
        *options: str,
        prefix: tuple[str, ...] = (),
        cwd: Path = ROOT,
        **environment: str,
    ) -> None:
        """Runs `make test` once, in the checkout unless told otherwise, and reads its results."""
        name = name or outcome.condition
        (cwd / OUTPUT.name).mkdir(exist_ok=True)
        results = f"{OUTPUT.name}/{name}.xml"
        arguments = shlex.join([f"--junitxml={results}", *options])
        (cwd / results).unlink(missing_ok=True)
        self.command(
            name, [*prefix, "make", "test", f"ARGS={arguments}"], outcome, cwd, **environment
        )
        self.read(outcome, cwd / results)

    def read(self, outcome: Outcome, results: Path) -> None:
        """Adds a run's JUnit results to an outcome."""
        if not results.exists():
            outcome.fail("no test ran")
            return
        suite = ET.parse(results).getroot().find("testsuite")
        assert suite is not None
        outcome.tests = int(suite.attrib["tests"])
        outcome.skipped_tests = int(suite.attrib["skipped"])
        outcome.seconds.append(round(float(suite.attrib["time"]), 1))
        for case in suite.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                outcome.failed_tests.append(f"{case.attrib['classname']}::{case.attrib['name']}")
        if outcome.failed_tests:
            outcome.fail(f"{len(outcome.failed_tests)} tests failed")
