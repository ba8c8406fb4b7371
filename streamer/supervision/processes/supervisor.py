"""Starts the processes of a run, watches them, brings them back, and ends them all."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import psutil

from streamer.clock import NS_PER_MS, HostNs, later, since
from streamer.config.schema import SupervisionConfig
from streamer.messages import SENSORS, ProcessHealth, Status
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import CaptureRole
from streamer.supervision.processes.child import Child

log = logging.getLogger(__name__)

WORKERS = ("inference", "compare")


class Supervisor:
    """The children of one run.

    Args:
        process_specs: what each is told, in the order to start.
        settings: when one has failed, and how it is brought back.
        restarts: whether any is brought back at all; else the first failure is final.
        child_of: makes those that are not this run's alone; None for a spec whose process is.
    """

    def __init__(
        self,
        process_specs: Sequence[ProcessSpec],
        settings: SupervisionConfig,
        *,
        restarts: bool = True,
        child_of: Callable[[ProcessSpec], Child | None] | None = None,
    ) -> None:
        self._settings = settings
        self.children = {
            spec.name: (child_of(spec) if child_of else None)
            or Child(spec, settings, restarted=restarts)
            for spec in process_specs
        }

    def start(self, now_ns: HostNs) -> None:
        """Starts all of them, in order."""
        for child in self.children.values():
            child.start(now_ns)

    def add(self, spec: ProcessSpec, now_ns: HostNs) -> Child:
        """Starts one more while the run goes on; its name is free."""
        child = self.children[spec.name] = Child(spec, self._settings)
        child.start(now_ns)
        return child

    def remove(self, name: str) -> None:
        """Forgets one that has ended."""
        self.children.pop(name).release()

    def start_again(self, names: Iterable[str], now_ns: HostNs) -> None:
        """Starts these anew, which have ended as they were to."""
        for name in names:
            self.children[name].start(now_ns)

    def on_status(self, status: Status, now_ns: HostNs) -> None:
        """Passes a heartbeat to the child it is of; a foreign name is ignored."""
        child = self.children.get(status.process)
        if child is not None:
            child.on_status(status, now_ns)

    def poll(self, now_ns: HostNs) -> dict[str, str]:
        """Looks after every child once; returns what happened to whom, in words."""
        happened = {}
        for name, child in self.children.items():
            words = child.poll(now_ns, stream_silent_ns=self._silence(child, now_ns))
            if words is not None:
                rig = f"{child.spec.rig}: " if child.spec.rig else ""
                log.warning("%s%s", rig, words)
                happened[name] = words
        return happened

    def stop(self, names: Iterable[str]) -> None:
        """Tells these to stop."""
        for name in names:
            self.children[name].tell_to_stop()

    def kill_overdue(self, names: Iterable[str], since_stop_s: float) -> None:
        """Ends those of them that have had their time to stop."""
        for child in map(self.children.__getitem__, names):
            if since_stop_s >= child.spec.stop_s and child.kill():
                log.warning("%s did not stop within %g s", child.name, child.spec.stop_s)

    def kill(self) -> None:
        """Sends SIGKILL to whatever is still there; `alive` says when it has gone."""
        for child in self.children.values():
            child.kill()

    def release(self) -> None:
        """Lets go of the lifelines of all, when they have ended."""
        for child in self.children.values():
            child.release()

    def alive(self, names: Iterable[str]) -> bool:
        """Whether any of these still lives."""
        return any(self.children[name].alive for name in names)

    def rss(self) -> int:
        """Bytes that the living take, and this process."""
        total = psutil.Process().memory_info().rss
        for child in self.children.values():
            if child.pid is not None:
                with suppress(psutil.NoSuchProcess):
                    total += psutil.Process(child.pid).memory_info().rss
        return total

    def dropped(self) -> Counter[str]:
        """Every drop by stream and cause, over all processes and their lives.

        A frame dropped on purpose leaves a gap at its reader; it counts once, as injected. The
        second worker of a comparison receives what the first does: its drops are its own affair.
        """
        counted = [child for child in self.children.values() if child.name != "compare"]
        drops: Counter[str] = sum((child.losses.drops for child in counted), Counter())
        for stream in SENSORS:
            drops[f"{stream}/gap"] -= drops[f"{stream}/injected"]
        return +drops

    def left_out(self) -> Counter[str]:
        """Pictures of files that were not shown, by cause, over all processes and lives."""
        return sum((child.losses.left_out for child in self.children.values()), Counter[str]())

    def refused_connections(self) -> Counter[str]:
        """Connections that were refused, by endpoint and cause, over all processes and lives."""
        return sum(
            (child.losses.refused_connections for child in self.children.values()), Counter[str]()
        )

    def health(self) -> dict[str, ProcessHealth]:
        """How each process stands."""
        return {name: child.health() for name, child in self.children.items()}

    def statuses(self) -> dict[str, Status]:
        """The last heartbeat of each process that has sent one."""
        return {
            name: child.status for name, child in self.children.items() if child.status is not None
        }

    def _silence(self, child: Child, now_ns: HostNs) -> int | None:
        """How long the worker has received nothing of this capture process, where it can know.

        Counted from when the process said that it runs: before, it opened its camera, and what the
        worker reported until then is about an earlier life.
        """
        role = child.spec.role
        if not isinstance(role, CaptureRole) or role.injections:  # injected silences are wanted
            return None
        worker = self.children.get("inference")
        if worker is None or worker.status is None or not worker.alive:
            return None
        age_ms = worker.status.ages_ms.get(role.stream)
        began_ns = child.running_since_ns
        if age_ms is None or began_ns is None or not later(worker.status.timestamp_ns, began_ns):
            return None
        return min(round(age_ms * NS_PER_MS), since(now_ns, began_ns))
