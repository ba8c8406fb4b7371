"""The conditions: what each of them is, and why it cannot be made on some hosts."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tools.anywhere.bare_root import BareRoot, copy_checkout
from tools.anywhere.suite import OUTPUT, ROOT, Outcome, Session
from tools.time_namespace import shifted_clocks, shifted_clocks_are_missing
from tools.virtual_display import DisplayError, virtual_display


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
    (copy / OUTPUT.name).mkdir()
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


def young(session: Session, outcome: Outcome) -> None:
    """On a host whose monotonic clock starts at zero."""
    session.suite(outcome, prefix=tuple(shifted_clocks(2)))


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
    """A virtual X server of this host, seen in the root; None where there is none."""
    with ExitStack() as opened:
        name = None
        with suppress(DisplayError):
            name = opened.enter_context(virtual_display())
            root.show(Path("/tmp/.X11-unix"))
        yield name


def root_is_missing() -> str:
    """Why no Debian root can be made here; nothing if it can."""
    if os.getuid() != 0:
        return "needs root (mounts and chroot)"
    if shutil.which("mmdebstrap") is None:
        return "needs mmdebstrap (apt-get install mmdebstrap)"
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode:
        return "this kernel gives no mount namespaces"
    return ""


CONDITIONS: dict[str, tuple[Callable[[Session, Outcome], None], Callable[[], str]]] = {
    "repeat": (repeat, str),
    "random": (shuffled, str),
    "busy": (busy, str),
    "tmpdir": (tmpdir, str),
    "locale": (locale, str),
    "user": (user, str),
    "home": (home, str),
    "young": (young, shifted_clocks_are_missing),
    "debian12": (debian("bookworm"), root_is_missing),
    "debian13": (debian("trixie"), root_is_missing),
}
