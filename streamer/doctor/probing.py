"""Asks another part of the program about itself, in a process of its own.

What aborts there (a plugin of Qt's, an instruction this CPU lacks) or hangs is an answer here.
"""

import os
import signal
import subprocess
import sys
from typing import TypeVar

import msgspec

T = TypeVar("T")


class ProbeError(Exception):
    """No answer came; says in one line why."""


def probe(module: str, kind: type[T], timeout_s: float, **environment: str) -> T:
    """Runs `python -P -m MODULE`, which prints its answer as JSON.

    Args:
        module: what to run.
        kind: the type of the answer.
        timeout_s: it is killed after this long.
        **environment: variables to set besides those of this process.

    Raises:
        ProbeError: it could not be started, failed, hung, or its answer is none.
    """
    command = [sys.executable, "-P", "-m", module]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            env={**os.environ, **environment},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProbeError(f"no answer within {timeout_s:g} s") from error
    except OSError as error:
        raise ProbeError(f"{sys.executable}: {error.strerror or error}") from error
    if done.returncode != 0:
        raise ProbeError(_reason(done.returncode, done.stderr.decode(errors="replace")))
    try:
        return msgspec.json.decode(done.stdout, type=kind)
    except msgspec.MsgspecError as error:
        raise ProbeError(f"its answer cannot be read: {error}") from error


def _reason(code: int, told: str) -> str:
    """The last line that says something; a process that aborts tells it before others."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    if code < 0:
        name = signal.Signals(-code).name
        return f"ended with {name}" + (f": {lines[0]}" if lines else "")
    return lines[-1] if lines else f"ended with exit code {code}"
