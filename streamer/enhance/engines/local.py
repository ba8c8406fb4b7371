"""Worker processes of this machine: one item each, and a killed one costs its item's work alone.

A pool of the standard library is lost as a whole with any of its processes. So each process is a
pool of its own, and a thread each waits for it: the threads' pool hands out the items.
"""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from ctypes import c_double
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import psutil

from streamer.config.schema import InferenceConfig
from streamer.cores import available_cores
from streamer.enhance.items import EnhanceError, EnhanceOptions, Item, Outcome
from streamer.enhance.making.item import enhance_item
from streamer.enhance.making.network import resolved
from streamer.logs.setup import start_logging

log = logging.getLogger(__name__)

TRIES = 10
"""An item whose process is killed so often is to blame for it: there may be too little memory."""
STARTS = 50
"""So many processes in a row that end before they have anything to do will not do anything."""

_WORKER_BYTES = 700e6
"""Of a worker; 230 MB are seen at 640x480 on OpenVINO, larger pictures take more."""

_share: Any = None  # of this worker process: how far its item is, read by the command


class Interrupted(EnhanceError):  # noqa: N818 - it is no error of the item
    """The run was told to stop before the item was done."""


class LocalPool:
    """As many worker processes as were asked for.

    Args:
        workers: how many.
        folder: where they get their names.
        parts: where they are made.

    Attributes:
        name: in reports.
        workers: how many processes.
        retried: items that were begun again.
    """

    name = "local"

    def __init__(self, workers: int, folder: Path, parts: Path) -> None:
        self.workers = workers
        self.retried = 0
        self._folder, self._parts = folder, parts
        self._stopped = threading.Event()
        self._slots: list[_Slot] = []
        self._mine = threading.local()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="enhance")

    def resolved(self, inference: InferenceConfig) -> InferenceConfig:
        """What `auto` comes to here, found out by a worker: this process loads no network.

        Raises:
            ModelError: the model or its engine cannot be loaded.
            EnhanceError: the worker was killed again and again.
        """
        asked = self._threads.submit(self._in_process, "the network", resolved, inference)
        found: InferenceConfig = asked.result()
        return found

    def submit(self, item: Item, options: EnhanceOptions) -> "Future[Outcome]":
        """Hands an item in."""
        return self._threads.submit(self._make, item, options)

    def running(self) -> list[tuple[Item, float]]:
        """The items in work, and which share of each is done."""
        return [(item, slot.share.value) for slot in self._slots if (item := slot.item)]

    def close(self, *, at_once: bool = False) -> None:
        """Ends the processes: when all is done, or at once, with what they have in work."""
        if at_once:
            self._stopped.set()
            for slot in self._slots:
                slot.kill()
        self._threads.shutdown(wait=True, cancel_futures=at_once)
        for slot in self._slots:
            slot.close()

    def _make(self, item: Item, options: EnhanceOptions) -> Outcome:
        slot = self._slot()
        slot.item = item
        slot.share.value = 0.0
        try:
            made: Outcome = self._in_process(
                item.source, _work, item, options, self._folder, self._parts
            )
            return made
        finally:
            slot.item = None

    def _in_process(self, what: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls a function in this thread's process; in a new one where that is killed."""
        slot = self._slot()
        starts = tries = 0
        while not self._stopped.is_set():
            if not slot.start():
                starts += 1
                if starts == STARTS:
                    raise EnhanceError(f"{what}: {STARTS} worker processes ended as they started")
                continue
            try:
                return slot.call(function, *arguments)
            except BrokenProcessPool as error:
                slot.renew()
                tries += 1
                if tries == TRIES:
                    words = f"{what}: its worker process was killed {TRIES} times"
                    raise EnhanceError(words) from error
                if not self._stopped.is_set():
                    log.warning("the worker process of %s was killed: it begins again", what)
                    self.retried += 1
        raise Interrupted(f"{what}: told to stop")

    def _slot(self) -> "_Slot":
        slot: _Slot | None = getattr(self._mine, "slot", None)
        if slot is None:
            slot = self._mine.slot = _Slot()
            self._slots.append(slot)
        return slot


class _Slot:
    """One process, and what it has in work."""

    def __init__(self) -> None:
        self.item: Item | None = None
        self._context = multiprocessing.get_context("spawn")
        self.share = self._context.RawValue(c_double, 0.0)  # no lock that a killed one could hold
        self._pool: ProcessPoolExecutor | None = None
        self._pid: int | None = None
        self._ended = False

    def start(self) -> bool:
        """Starts the process, unless it lives; False if it ended at that."""
        if self._pool is not None:
            return True
        self._pool = ProcessPoolExecutor(
            1, self._context, initializer=_begin, initargs=(self.share,)
        )
        try:
            self._pid = self._pool.submit(os.getpid).result()
        except BrokenProcessPool:
            self.renew()
            return False
        if self._ended:  # meanwhile
            self.kill()
        return True

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls a function in the process, which was started.

        Raises:
            BrokenProcessPool: the process has gone.
        """
        assert self._pool is not None
        return self._pool.submit(function, *arguments).result()

    def renew(self) -> None:
        """Forgets the process that has gone."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        self._pool = self._pid = None

    def kill(self) -> None:
        """Ends the process at once, also one that is being started."""
        self._ended = True
        if self._pid is not None:
            try:
                os.kill(self._pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def close(self) -> None:
        """Ends the process when it is done."""
        self.renew()


def usual_workers(items: int) -> int:
    """How many processes keep this machine busy: one a core, as far as its memory goes."""
    fitting = int(psutil.virtual_memory().available / _WORKER_BYTES)
    return max(1, min(available_cores(), fitting, items))


def _begin(share: Any) -> None:
    """Sets up a worker process."""
    global _share
    _share = share
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the command answers it
    start_logging("enhance")
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when the command is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(item: Item, options: EnhanceOptions, folder: Path, parts: Path) -> Outcome:
    with TemporaryDirectory(dir=parts, ignore_cleanup_errors=True) as own:
        return enhance_item(item, options, folder, Path(own), _tell)


def _tell(share: float) -> None:
    _share.value = share
