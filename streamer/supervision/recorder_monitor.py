"""What the supervisor of a run knows of its recorder: which files there are, and how it ended."""

from pathlib import Path

from streamer.messages import ProcessState, Status
from streamer.paths import PathKind, kind_of
from streamer.supervision.processes.child import Child

_PART = ".part"
_FULL = "the disk is nearly full (recording.stop_mb)"


class RecorderMonitor:
    """Keeps an eye on the recorder of a run, through all its lives.

    Args:
        child: the recorder; None in a run that records nothing.
    """

    def __init__(self, child: Child | None) -> None:
        self._child = child
        self._files: dict[str, str] = {}  # by the name they are to have

    @property
    def files(self) -> list[str]:
        """Every file or folder written so far, as it is called now."""
        return [str(_present_name(Path(file))) for file in self._files.values()]

    def on_status(self, status: Status) -> None:
        """Takes note of a heartbeat of the recorder."""
        if status.recording is not None:
            file = status.recording.file
            self._files[file.removesuffix(_PART)] = file
        elif status.state is ProcessState.ENDED:
            self._files.clear()  # no picture came, and it left nothing

    def failure(self) -> str | None:
        """After the end of the run: what kept the recording from being what was asked for."""
        if self._child is None:
            return None
        if self._child.final_error is not None:
            return self._child.final_error
        status = self._child.status
        if status is not None and status.recording is not None and status.recording.full:
            return f"{_FULL}: recording {status.recording.file} ended early, complete"
        if status is not None and status.recording is None:
            return status.detail if status.state is ProcessState.ENDED else None
        if self._files and (status is None or status.state is not ProcessState.ENDED):
            return _unfinished(Path(self.files[-1]))
        return None


def _present_name(path: Path) -> Path:
    """The name that a recording has now: it may have got its own since it was last told."""
    finished = path.with_name(path.name.removesuffix(_PART))
    return path if kind_of(finished) is PathKind.MISSING else finished


def _unfinished(path: Path) -> str | None:
    """What is amiss with a recording whose end was not told; nothing, if it was completed."""
    path = _present_name(path)
    parts = [path] if path.name.endswith(_PART) else sorted(path.glob(f"*{_PART}"))
    left = [part for part in parts if kind_of(part) is PathKind.FILE]
    if left:
        return f"recording {left[-1]} was not completed in time; corefusion recover completes it"
    if kind_of(path) is PathKind.MISSING:
        path = path.with_name(path.name.removesuffix(_PART))
        return f"recording {path} was removed or moved before it was completed"
    return None
