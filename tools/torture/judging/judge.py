"""What must hold of every run, whatever was done to it."""

import re
from collections.abc import Collection, Mapping
from itertools import pairwise
from pathlib import Path

import msgspec

from streamer.supervision.report import Report
from tools.torture.runs.run import Evidence

_CRASHES = (
    "Traceback (most recent call last)",
    "Fatal Python error",
    "Exception ignored in",
    "Segmentation fault",
    "Assertion failed",
    "terminate called",
    "core dumped",
    "QThread: Destroyed",
    "double free",
    "malloc(",
    "corrupted",
)
_LONGEST_LINE = 600
_BY_DESIGN = {0, 1}


def judge_end(
    evidence: Evidence,
    *,
    codes: Collection[int] = frozenset(_BY_DESIGN),
    lines: int = 3,
    left: bool = False,
) -> list[str]:
    """How a run ended.

    Args:
        evidence: of a run that has ended.
        codes: exit codes that are all right.
        lines: that may stand on standard error at most.
        left: whether its socket directory may still be there.
    """
    found = [f"hangs: {words}" for words in evidence.hung]
    if evidence.code is not None and evidence.code not in codes:
        wanted = " or ".join(map(str, sorted(codes)))
        found.append(f"exit code {evidence.code}, {wanted} wanted: {_last(evidence.errors)}")
    found += [
        f"{words!r} on standard error: {_last(evidence.errors)}"
        for words in _CRASHES
        if words in evidence.errors
    ]
    said = evidence.errors.splitlines()
    if len(said) > lines:
        found.append(f"{len(said)} lines on standard error, at most {lines} wanted: {said[0]}")
    found += [
        f"a line of {len(line)} characters: {line[:80]}"
        for line in said
        if len(line) > _LONGEST_LINE
    ]
    if evidence.code == 1 and not re.search(r"^corefusion: .", evidence.errors, re.MULTILINE):
        found.append("exit code 1 without a line that says why")
    found += [f"orphan: {process}" for process in evidence.orphans]
    if not left:
        found += [f"left behind in the runtime directory: {name}" for name in evidence.left]
    return found


def judge_report(
    path: Path,
    *,
    seen: int = 0,
    restarts: Mapping[str, tuple[int, int]] | None = None,
    lockstep: bool = False,
    loops: bool = False,
    changes: bool = True,
) -> list[str]:
    """Whether a report parses, and agrees with itself and with what was seen.

    Args:
        path: of the report.
        seen: results that were told of while the run went on.
        restarts: by process, the fewest and the most that can be; None where anything can be.
        lockstep: whether it is of a headless replay.
        loops: whether it is of a replay that may go back in time.
        changes: whether its changes of mode are those of the worker: they can be forged.
    """
    try:
        report = msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError) as error:
        return [f"report: {error}"]
    found = []
    if report.frames != sum(report.modes.values()):
        found.append(f"{report.frames} frames, and modes of {sum(report.modes.values())}")
    if report.frames < seen:
        found.append(f"{report.frames} frames, and {seen} were told of")
    found += [f"dropped {cause}: {n}" for cause, n in report.dropped.items() if n <= 0]
    found += _judge_changes(report, loops=loops) if changes else []
    age = report.age_ms
    if age is not None and not 0 <= age.p50 <= age.p95 * 1.01 <= age.max * 1.02:
        found.append(f"ages {age}")
    if (report.fps is not None) != (report.frames > 1 and report.duration_s > 0):
        found.append(f"fps {report.fps} of {report.frames} frames in {report.duration_s} s")
    for name, (fewest, most) in (restarts or {}).items():
        if not fewest <= report.restarts.get(name, 0) <= most:
            found.append(
                f"{name} restarted {report.restarts.get(name)} times: {fewest} to {most} wanted"
            )
    if lockstep:
        found += [] if report.lockstep else ["a headless replay, and not in lockstep"]
        wanted = ("/injected", "/gap")  # and what the recording itself lacks
        lost = {cause: n for cause, n in report.dropped.items() if not cause.endswith(wanted)}
        found += [f"dropped in lockstep: {lost}"] if lost else []
    return found


def judge_digest(report: Path, wanted: str) -> list[str]:
    """Whether a replay gave the results that it has to give."""
    try:
        came = msgspec.json.decode(report.read_bytes())["result_sha256"]
    except (OSError, KeyError, msgspec.MsgspecError) as error:
        return [f"report: {error!r}"]
    return [] if came == wanted else [f"result_sha256 {came}: {wanted} wanted"]


def _judge_changes(report: Report, *, loops: bool) -> list[str]:
    changes = report.mode_changes
    found = [f"a change from {old} to itself" for _, old, new in changes if old == new]
    for (earlier_s, _, left), (later_s, into, _) in pairwise(changes):
        if left != into and report.mode_changes_left_out is msgspec.UNSET:
            found.append(f"mode {left} from {earlier_s} s on, and left for another as {into}")
        if later_s < earlier_s and not loops:
            found.append(f"changes of mode at {earlier_s} s, then at {later_s} s")
    return found


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:200] if lines else "(nothing was said)"
