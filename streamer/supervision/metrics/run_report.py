"""The report of a run, from what is known of its processes and results."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from streamer.clock import NS_PER_S, since
from streamer.messages import AlignmentState, CaptureTiming, captured_stream
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.report import Report
from streamer.supervision.run_plan import RunPlan
from streamer.supervision.worker_monitor import WorkerMonitor


def report_of(
    plan: RunPlan,
    supervisor: Supervisor,
    workers: Sequence[WorkerMonitor],
    *,
    refused: Counter[str],
    peak_rss: int,
) -> Report:
    """What a run has done until now.

    Args:
        plan: what it was to do.
        supervisor: of its processes.
        workers: the run's own first, then those it is compared with.
        refused: connections that the command itself refused, by cause.
        peak_rss: bytes that all its processes took at most.
    """
    worker, *others = workers
    figures = worker.figures
    own = worker.report(supervisor.dropped())
    alignment = _alignment(worker)
    first, last = figures.first_ns, figures.last_ns
    compared = (other.report(supervisor.children[other.process].losses.drops) for other in others)
    return Report(
        **msgspec.structs.asdict(own),
        duration_s=0.0 if first is None else round(since(last, first) / NS_PER_S, 3),
        age_ms=figures.age_ms(),
        mode_changes=figures.mode_changes(),
        mode_changes_left_out=figures.mode_changes_left_out or msgspec.UNSET,
        left_out=dict(supervisor.left_out()),
        bad_pixels=(worker.status.bad_pixels if worker.status else ()) or msgspec.UNSET,
        distance=(alignment and alignment.distance) or msgspec.UNSET,
        drift=(alignment and alignment.drift) or msgspec.UNSET,
        refused_connections=dict(supervisor.refused_connections() + refused) or msgspec.UNSET,
        cameras=_timings(supervisor) or msgspec.UNSET,
        restarts={name: child.restarts for name, child in supervisor.children.items()},
        painted=None if plan.headless else figures.painted,
        psnr_series=figures.psnr_series(),
        consistency=figures.consistency(),
        network_changes=figures.network_changes() or msgspec.UNSET,
        past=figures.past.report() or msgspec.UNSET,
        predicted=(worker.status and worker.status.predicted) or msgspec.UNSET,
        peak_rss_mb=round(peak_rss / 2**20, 1),
        lockstep=plan.lockstep,
        compare=next(compared, msgspec.UNSET),
    )


def _alignment(worker: WorkerMonitor) -> AlignmentState | None:
    return None if worker.status is None else worker.status.alignment


def _timings(supervisor: Supervisor) -> dict[str, CaptureTiming]:
    return {
        stream: child.timing
        for name, child in supervisor.children.items()
        if (stream := captured_stream(name)) is not None and child.timing is not None
    }
