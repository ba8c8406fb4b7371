"""What a saved picture tells of itself: when, from what, by what. No Qt; time is handed in."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from gui.language import tr
from gui.status.run_status import RunStatus
from gui.status.wording import engine_fact
from streamer.clock import NS_PER_S, since
from streamer.messages import Status


def picture_facts(run: RunStatus, wall: datetime) -> dict[str, str]:
    """The facts of the result that is on the screen, by their name in the file.

    Args:
        run: as its worker has it.
        wall: the time of day at `run.now_ns`.
    """
    facts, result = {}, run.result
    if result is not None and run.player is None and run.age_ms is not None:
        captured = wall - timedelta(milliseconds=run.age_ms)
        facts["captured"] = captured.isoformat(timespec="milliseconds")
    if result is not None and run.player is not None:
        at_s = since(result.timestamp_ns, run.player.start_ns) / NS_PER_S
        facts["recording_s"] = f"{at_s:.3f}"
    facts["saved"] = wall.isoformat(timespec="milliseconds")
    for name in run.cameras():
        status, stream = run.status(name), name.removeprefix("capture.")
        if status is not None and status.camera is not None:
            facts[f"{stream}_camera"] = status.camera.name
    worker = _of_the_result(run)
    if worker is not None and worker.model is not None:
        facts["model"], facts["engine"] = worker.model, engine_fact(worker)
    if result is not None and result.thermal is not None:
        facts["thermal_sequence"] = str(result.thermal.sequence)
    return facts


def _of_the_result(run: RunStatus) -> Status | None:
    """The worker as it was when it made the result: its network may have changed since."""
    worker, change = run.status(run.worker), run.session and run.session.network
    first = run.worker == "inference" and run.player is None
    if worker is None or not change or run.result is None or not first:
        return worker
    later = since(run.result.timestamp_ns, change.timestamp_ns) >= 0
    network = change.network if later else change.previous
    return msgspec.structs.replace(worker, **msgspec.structs.asdict(network))


def moment_text(facts: Mapping[str, str]) -> str:
    """When a picture with these facts was taken, as it is written on it; empty if unknown.

    Live that is the time of day, in a replay the place in the recording.
    """
    if "recording_s" in facts:
        return tr("at {seconds} s", seconds=f"{float(facts['recording_s']):.1f}")
    captured = facts.get("captured")
    return f"{datetime.fromisoformat(captured):%Y-%m-%d %H:%M:%S}" if captured else ""
