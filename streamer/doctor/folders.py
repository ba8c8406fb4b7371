"""Where the program keeps things, and how much room there is."""

import os
from pathlib import Path

import platformdirs
import psutil

from streamer.config.schema import RecordingConfig
from streamer.doctor.page import Finding, Level
from streamer.logs.log_file import LogFileError
from streamer.logs.run_log import log_folder
from streamer.runtime.socket_directory import SocketDirectoryError, parent_directory

_SECTION = "folders"
_MB, _GB = 1e6, 1e9


def folder_findings(logs: str) -> list[Finding]:
    """The cache, the folder of sockets, that of logs, and the disk that is written to."""
    return [
        cache_finding(Path(platformdirs.user_cache_dir("corefusion"))),
        runtime_finding(),
        logs_finding(logs),
        disk_finding(Path.cwd()),
    ]


def cache_finding(folder: Path) -> Finding:
    """Where measured choices, compiled graphs and samples are kept."""
    if _writable(folder):
        return Finding(_SECTION, "cache", f"{folder}, {_size_mb(folder):.0f} MB")
    value = f"{folder} cannot be written: every start measures and compiles anew"
    remedy = "XDG_CACHE_HOME=/a/folder/that/can/be/written corefusion live"
    return Finding(_SECTION, "cache", value, Level.WARNING, remedy)


def runtime_finding() -> Finding:
    """Where the sockets of a run are."""
    remedy = "TMPDIR=/a/folder/that/can/be/written corefusion live, or transport.kind=tcp"
    try:
        folder = parent_directory()
    except SocketDirectoryError as error:
        return Finding(_SECTION, "runtime", str(error), Level.ERROR, remedy)
    return Finding(_SECTION, "runtime", f"{folder}, for the sockets of a run")


def logs_finding(named: str) -> Finding:
    """Where each run writes its log."""
    try:
        folder = log_folder(named)
        if _writable(folder):
            return Finding(_SECTION, "logs", f"{folder}, {_size_mb(folder):.0f} MB")
        value = f"{folder} cannot be written: runs go without a log"
    except LogFileError as error:
        value = str(error)
    remedy = "--set log.folder=/a/folder/that/can/be/written"
    return Finding(_SECTION, "logs", value, Level.WARNING, remedy)


def disk_finding(folder: Path) -> Finding:
    """The disk of the present folder, where recordings go."""
    try:
        free = psutil.disk_usage(str(folder)).free
    except OSError as error:
        return Finding(_SECTION, "disk", f"unknown: {error.strerror or error}", Level.INFO)
    limits = RecordingConfig()
    value = f"{free / _GB:.1f} GB free where you are"
    if free < limits.stop_mb * _MB:
        value += f"; a recording needs {limits.stop_mb:g} MB to begin"
    elif free < limits.warn_mb * _MB:
        value += ", which is little for a recording"
    else:
        return Finding(_SECTION, "disk", value)
    return Finding(
        _SECTION, "disk", value, Level.WARNING, "make room, or record to another disk: --output"
    )


def _writable(folder: Path) -> bool:
    """Whether it can be written, or made."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _size_mb(folder: Path) -> float:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(Path(path) / name).st_size
            except OSError:  # it went while we looked
                continue
    return total / _MB
