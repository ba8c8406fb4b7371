"""Where the tries of a campaign happen, and what they share: small rigs and a recording."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from streamer.runtime.socket_directory import parent_directory
from tests.e2e.command import COMMAND
from tests.support.steady_recording import steady_recording
from tools.torture.runs.pace import Pace
from tools.torture.runs.run import TOKEN, Run

ROOT = Path(__file__).resolve().parents[3]

RATE_HZ = 10
_RIG = f"""\
capture:
  visible: {{width: 160, height: 120, rate_hz: {RATE_HZ}}}
  thermal: {{width: 80, height: 60, rate_hz: {RATE_HZ}}}
inference: {{model: bilinear, canvas_width: 160, canvas_height: 120}}
"""
_BASE_S = 30.0
_OURS = ("COREFUSION_LOG", "DISPLAY", "WAYLAND_DISPLAY", "NOTIFY_SOCKET", "WATCHDOG_USEC")


class Campsite:
    """What all tries share.

    Args:
        folder: for samples, and for the tries that found something.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pace = Pace()
        self._samples = folder / "samples"
        shutil.rmtree(self._samples, ignore_errors=True)
        shutil.rmtree(folder / "tries", ignore_errors=True)
        self._samples.mkdir(parents=True)
        self._runtime = Path(tempfile.mkdtemp(prefix="torture-", dir=parent_directory()))

    def close(self) -> None:
        """Removes what no finding needs."""
        shutil.rmtree(self._runtime, ignore_errors=True)
        shutil.rmtree(self._samples, ignore_errors=True)

    def site(self, name: str) -> "Site":
        """A place for one try."""
        folder = self.folder / "tries" / name
        folder.mkdir(parents=True)
        runtime = Path(tempfile.mkdtemp(dir=self._runtime))
        return Site(self, folder, runtime)

    @cached_property
    def rig(self) -> Path:
        """A configuration of a small simulated rig."""
        path = self._samples / "rig.yaml"
        path.write_text(_RIG)
        return path

    @cached_property
    def recording(self) -> Path:
        """Half a minute, the same to the bit on every host."""
        return steady_recording(self._samples / "base.mcap", _BASE_S, faults=False)

    @cached_property
    def result_sha256(self) -> str:
        """Of the undisturbed headless replay of `recording`."""
        return self.replayed(self.recording)

    def replayed(self, recording: Path) -> str:
        """The digest of an undisturbed headless replay."""
        site = self.site(f"undisturbed-{recording.stem}")
        report = site.folder / "r.json"
        with site.start("replay", recording, "--headless", "--report", report) as run:
            run.finish(self.pace.allowed_s("first result") * 2, self.pace.allowed_s("gone"))
        digest = msgspec.json.decode(report.read_bytes())["result_sha256"]
        site.clear()
        return str(digest)


class Site:
    """The place of one try.

    Attributes:
        shared: what all tries of the campaign have.
        folder: for what its runs write; kept if it has found something.
    """

    def __init__(self, shared: Campsite, folder: Path, runtime: Path) -> None:
        self.shared = shared
        self.folder = folder
        self._runtime = runtime
        self._runs = 0

    @property
    def pace(self) -> Pace:
        """How long things may take."""
        return self.shared.pace

    def start(
        self,
        *arguments: str | Path,
        command: Sequence[str] = COMMAND,
        prefix: Sequence[str] = (),
        runtime: Path | None = None,
        **variables: str,
    ) -> Run:
        """Starts a command in a folder, home and runtime directory of its own.

        Args:
            arguments: of the command.
            command: another program than the application's.
            prefix: what execs it, as `unshare` does.
            runtime: the runtime directory of a run before.
            variables: of its environment.
        """
        self._runs += 1
        folder = self.folder / f"run-{self._runs}"
        folder.mkdir()
        runtime = runtime or self.runtime(self._runs)
        runtime.mkdir(exist_ok=True, mode=0o700)
        inherited = {
            key: value
            for key, value in os.environ.items()
            if key not in _OURS and not key.startswith("XDG_")
        }
        environment = {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "TMPDIR": str(runtime),
            "QT_QPA_PLATFORM": "offscreen",
            TOKEN: f"{self._runtime.name}-{self._runs}",
            **variables,
        }
        words = [*prefix, *command, *map(str, arguments)]
        return Run(words, folder, runtime, environment)

    def runtime(self, number: int) -> Path:
        """The runtime directory of the nth run of this try."""
        return self._runtime / str(number)

    def clear(self) -> None:
        """Removes everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self._runtime, ignore_errors=True)
