"""Runs `make test` under conditions that other machines have: `make test-anywhere`.

ARGS names conditions (none: all), `--again` repeats those that have passed this very state of the
checkout, `--list` says what there is. A condition that this host cannot make (no root, no
mmdebstrap, no time namespaces) is skipped with its reason and counts as not shown. Logs and
results.json are left in `.anywhere/`. Exit code: 0 when nothing failed, 1 otherwise.
"""

import argparse
import hashlib
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bare_root import BareRoot, checkout_files, copy_checkout

ROOT = Path(__file__).resolve().parents[1]
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


def repeat(session: Session, outcome: Outcome) -> None:
    """Five times in a row, each within the limit."""
    for number in range(1, 6):
        session.suite(outcome, f"repeat-{number}")
    if session.limit_s and max(outcome.seconds, default=0) > session.limit_s:
        outcome.fail(f"{max(outcome.seconds):.0f} s, at most {session.limit_s:.0f} s wanted")


def shuffled(session: Session, outcome: Outcome) -> None:
    """In random order, over all files."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"  random: --random-order-seed={seed}", flush=True)
    options = ("--random-order-bucket=global", f"--random-order-seed={seed}")
    session.suite(outcome, "", *options)
    outcome.why = f"{outcome.why} (seed {seed})".strip()


def busy(session: Session, outcome: Outcome) -> None:
    """Beside two busy loops."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        session.suite(outcome)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def tmpdir(session: Session, outcome: Outcome) -> None:
    """With TMPDIR on another path, long and with a space."""
    folder = session.scratch / "a longer name than usual" / ("and more of it " * 5).strip()
    folder.mkdir(parents=True)
    session.suite(outcome, TMPDIR=str(folder))


def locale(session: Session, outcome: Outcome) -> None:
    """In the C locale, and where commas are decimal points (if this host has such a locale)."""
    session.suite(outcome, "locale-c", LC_ALL="C", LANGUAGE="C")
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout
    for name in ("de_DE.utf8", "de_DE.UTF-8", "fr_FR.utf8"):
        if name in listed.splitlines():
            session.suite(outcome, f"locale-{name[:2]}", LC_ALL=name)
            return


def user(session: Session, outcome: Outcome) -> None:
    """As an ordinary user, set-up included."""
    if os.getuid() != 0:  # one is one
        session.suite(outcome)
        return
    home, copy = session.scratch / "home", session.scratch / "checkout"
    copy_checkout(ROOT, copy)
    home.mkdir()
    for one in (session.scratch, *session.scratch.rglob("*")):
        shutil.chown(one, "nobody", "nogroup")
    session.scratch.chmod(0o755)
    session.suite(
        outcome,
        prefix=("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
        cwd=copy,
        PATH="/usr/local/bin:/usr/bin:/bin",
        HOME=str(home),
        USER="nobody",
        LOGNAME="nobody",
    )


def home(session: Session, outcome: Outcome) -> None:
    """With HOME not writable."""
    folder = session.scratch / "readonly home"
    folder.mkdir()
    prefix: tuple[str, ...] = ()
    if os.getuid() == 0:  # root may write wherever a file system lets anyone
        bind = 'mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" && exec "$@"'
        prefix = ("unshare", "--mount", "sh", "-c", bind, "sh")
    else:
        folder.chmod(0o555)
    session.suite(outcome, prefix=prefix, HOME=str(folder))


def _young_clock() -> list[str]:
    since_start = int(time.clock_gettime(time.CLOCK_BOOTTIME))
    mine = [] if os.getuid() == 0 else ["--user", "--map-current-user"]
    back = str(2 - since_start)
    return ["unshare", *mine, "--time", "--monotonic", back, "--boottime", back]


def young(session: Session, outcome: Outcome) -> None:
    """On a host whose monotonic clock starts at zero."""
    session.suite(outcome, prefix=tuple(_young_clock()))


def debian(suite: str) -> Callable[[Session, Outcome], None]:
    """A condition in a bare root of Debian."""

    def run(session: Session, outcome: Outcome) -> None:
        root = BareRoot(suite, session.scratch / suite, ROOT, session.data)
        name = outcome.condition
        for number, argv in enumerate(root.make()):
            if not session.command(f"{name}-root-{number}", argv, outcome):
                return
        root.furnish()
        project = root.folder / "srv/project"
        (project / OUTPUT.name).mkdir()

        def inside(what: str, command: str, **environment: str) -> bool:
            argv = root.command(command, environment)
            return session.command(f"{name}-{what}", argv, outcome)

        started = time.monotonic()
        if inside("live", 'make live ARGS="--headless --frames 5"'):
            print(f"  {name}: `make live` after {time.monotonic() - started:.0f} s", flush=True)
        picture = f"{OUTPUT.name}/offscreen.png"
        look = f'make live ARGS="--frames 60 --screenshot {picture}"'
        if inside("window", look, QT_QPA_PLATFORM="offscreen"):
            _check_picture(project / picture, outcome)
        with _display(root) as display:
            if display is None:
                print(f"  {name}: no Xvfb on this host, no real window was opened", flush=True)
            else:
                (project / picture).unlink(missing_ok=True)
                if inside("xcb", look, DISPLAY=display):
                    _check_picture(project / picture, outcome)
        results = f"{OUTPUT.name}/{name}.xml"
        started = time.monotonic()
        inside("setup", "tools/setup.sh test")
        print(f"  {name}: set-up for tests {time.monotonic() - started:.0f} s", flush=True)
        inside("test", f"make test ARGS=--junitxml={results}")
        session.read(outcome, project / results)
        root.remove()

    version = {"bookworm": "12 (Python 3.11)", "trixie": "13 (Python 3.13)"}[suite]
    run.__doc__ = f"In a bare root of Debian {version}: make live, a window, make test."
    return run


def _check_picture(path: Path, outcome: Outcome) -> None:
    """A blank window compresses to a few kilobytes; one with pictures does not."""
    size = path.stat().st_size if path.exists() else 0
    if size < 50_000:
        outcome.fail(f"{path.name} has {size} bytes: no window with pictures")


@contextmanager
def _display(root: BareRoot) -> Iterator[str | None]:
    """A virtual X server of this host, seen in the root; None where there is no Xvfb."""
    if shutil.which("Xvfb") is None:
        yield None
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        root.show(Path("/tmp/.X11-unix"))
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def root_is_missing() -> str:
    """Why no Debian root can be made here; nothing if it can."""
    if os.getuid() != 0:
        return "needs root (mounts and chroot)"
    if shutil.which("mmdebstrap") is None:
        return "needs mmdebstrap (apt-get install mmdebstrap)"
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode:
        return "this kernel gives no mount namespaces"
    return ""


def young_is_missing() -> str:
    """Why no young clock can be had here; nothing if it can."""
    tried = subprocess.run([*_young_clock(), "true"], capture_output=True, text=True, check=False)
    return f"no time namespaces here ({tried.stderr.strip()})" if tried.returncode else ""


CONDITIONS: dict[str, tuple[Callable[[Session, Outcome], None], Callable[[], str]]] = {
    "repeat": (repeat, str),
    "random": (shuffled, str),
    "busy": (busy, str),
    "tmpdir": (tmpdir, str),
    "locale": (locale, str),
    "user": (user, str),
    "home": (home, str),
    "young": (young, young_is_missing),
    "debian12": (debian("bookworm"), root_is_missing),
    "debian13": (debian("trixie"), root_is_missing),
}


def _state() -> str:
    """A digest of every file of the checkout, so that results are of this very state."""
    digest = hashlib.sha256()
    for name in sorted(checkout_files(ROOT)):
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()[:16]


def _table(outcomes: list[Outcome]) -> str:
    lines = [f"{'condition':<10} {'verdict':<8} {'tests':>5} {'skipped':>7}  seconds"]
    for one in outcomes:
        times = " ".join(f"{seconds:.0f}" for seconds in one.seconds)
        lines.append(
            f"{one.condition:<10} {one.verdict:<8} {one.tests:>5} {one.skipped_tests:>7}  "
            f"{times}  {one.why}".rstrip()
        )
        lines += [f"    {name}" for name in one.failed_tests]
    return "\n".join(lines)


def main() -> int:
    """Runs what was asked for; a stopped run goes on with what had not passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("conditions", nargs="*", metavar="CONDITION", help=", ".join(CONDITIONS))
    parser.add_argument("--again", action="store_true", help="those that have passed, too")
    parser.add_argument("--list", action="store_true", help="what there is")
    parser.add_argument("--limit", type=float, default=240, help="seconds a run of repeat may take")
    asked = parser.parse_args()
    unknown = set(asked.conditions) - set(CONDITIONS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: one of {', '.join(CONDITIONS)} wanted")
    if asked.list:
        for name, (run, missing) in CONDITIONS.items():
            print(f"{name:<10} {run.__doc__}" + (f" Not here: {missing()}" if missing() else ""))
        return 0
    OUTPUT.mkdir(exist_ok=True)
    kept, state = OUTPUT / "results.json", _state()
    before = json.loads(kept.read_text()) if kept.exists() else {}
    outcomes = [Outcome(**one) for one in before.get("outcomes", []) if before["state"] == state]
    named = os.environ.get("COREFUSION_TEST_DATA", ROOT.parent / "shared" / "data")
    data = Path(named) if Path(named).is_dir() else None
    names = asked.conditions or list(CONDITIONS)
    for name in names:
        have = next((one for one in outcomes if one.condition == name), None)
        if have is not None and have.verdict == "passed" and not asked.again:
            print(f"{name}: has passed this state of the checkout (--again repeats it)")
            continue
        run, missing = CONDITIONS[name]
        outcome = Outcome(name)
        reason = missing()
        print(f"{name}: {run.__doc__}", flush=True)
        if reason:
            outcome.verdict, outcome.why = "skipped", reason
        else:
            session = Session(asked.limit, data)
            try:
                run(session, outcome)
            finally:
                shutil.rmtree(session.scratch, ignore_errors=True)
        outcomes = [one for one in outcomes if one.condition != name] + [outcome]
        outcomes.sort(key=lambda one: list(CONDITIONS).index(one.condition))
        written = {"state": state, "outcomes": [asdict(one) for one in outcomes]}
        kept.write_text(json.dumps(written, indent=1) + "\n")
    print(_table([one for one in outcomes if one.condition in names]))
    return int(any(one.verdict == "failed" for one in outcomes if one.condition in names))


if __name__ == "__main__":
    sys.exit(main())
