"""Ray as the engine: processes of one machine or of a cluster, which Ray places and retries.

Sources and output lie on a file system that every node sees under the same path. A task is one
item; what a node or process that is lost had in work, Ray begins again elsewhere.
"""

import importlib
import logging
import socket
import sys
from concurrent.futures import Future
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import msgspec

from streamer.config.schema import InferenceConfig
from streamer.enhance.engines.local import TRIES
from streamer.enhance.items import EnhanceError, EnhanceOptions, Item, Outcome
from streamer.enhance.making.item import enhance_item
from streamer.enhance.making.network import resolved
from streamer.enhance.words import in_words
from streamer.version import software

_ANSWER_S = 5.0
_GPU_SHARE = 0.25  # of a GPU a task: one alone does not fill it
_MISSING = "Ray is not installed here: pip install 'corefusion-live[ray]'"


class RayCluster:
    """A Ray of this machine, or one that runs already.

    Args:
        address: of the cluster, `HOST:PORT`; None starts one on this machine.
        workers: cores to use where it is started here; None for all.
        folder: where items get their names.
        parts: where they are made.

    Attributes:
        name: in reports.
        workers: tasks that run at a time.
        retried: 0: Ray does not tell.

    Raises:
        EnhanceError: Ray is not installed, or the cluster does not answer.
    """

    name = "ray"

    def __init__(self, address: str | None, workers: int | None, folder: Path, parts: Path) -> None:
        self._ray = _ray()
        self.retried = 0
        self._folder, self._parts = folder.resolve(), parts.resolve()
        self._refs: list[Any] = []
        if address is not None:
            _check_answer(address)
        self._quiet = ExitStack()  # standard output is the command's: Ray has words for it too
        self._quiet.enter_context(redirect_stdout(sys.stderr))
        try:
            self._ray.init(
                address=address or "local",  # else it may look for one that has gone
                num_cpus=workers if address is None else None,
                include_dashboard=False if address is None else None,
                configure_logging=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (ConnectionError, RuntimeError, ValueError) as error:
            self._quiet.close()
            where = f"Ray at {address}" if address is not None else "Ray on this machine"
            raise EnhanceError(f"{where}: {_first_line(error)}") from error
        resources = self._ray.cluster_resources()
        self.workers = max(1, int(resources.get("CPU", 1)))
        gpu = _GPU_SHARE if resources.get("GPU") else 0
        task = self._ray.remote(max_retries=TRIES - 1, num_gpus=gpu, num_cpus=1)
        self._make, self._resolve = task(_work), task(_resolve)

    def resolved(self, inference: InferenceConfig) -> InferenceConfig:
        """What `auto` comes to on a node of the cluster.

        Raises:
            EnhanceError: the model or its engine cannot be loaded there.
        """
        found = self._ray.get(self._resolve.remote(inference, software()))
        if isinstance(found, str):
            raise EnhanceError(found)
        named: InferenceConfig = found
        return named

    def submit(self, item: Item, options: EnhanceOptions) -> "Future[Outcome]":
        """Hands an item in."""
        sources = tuple(str(Path(source).resolve()) for source in item.sources)
        placed = msgspec.structs.replace(item, sources=sources)
        cores = max(1, options.config.inference.threads)
        ref = self._make.options(num_cpus=min(cores, self.workers)).remote(
            placed, options, self._folder, self._parts, software()
        )
        self._refs.append(ref)
        told: Future[Outcome] = Future()
        ref.future().add_done_callback(lambda done: _pass_on(item, done, told))
        return told

    def running(self) -> list[tuple[Item, float]]:
        """Nothing: Ray does not tell how far a task is."""
        return []

    def close(self, *, at_once: bool = False) -> None:
        """Leaves the cluster, or ends the one that was started here."""
        if at_once:
            for ref in self._refs:
                self._ray.cancel(ref, force=True)
        self._ray.shutdown()
        self._quiet.close()


def _ray() -> Any:
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError as error:
        raise EnhanceError(f"--ray: {_MISSING}") from error


def _check_answer(address: str) -> None:
    """Makes sure that somebody listens; Ray itself would wait for a minute.

    Raises:
        EnhanceError: nobody does.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise EnhanceError(f"--ray-address {address}: HOST:PORT wanted")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_S).close()
    except (OSError, OverflowError) as error:
        raise EnhanceError(f"--ray-address {address}: it does not answer: {error}") from error


def _pass_on(item: Item, done: "Future[Any]", told: "Future[Outcome]") -> None:
    error = done.exception()
    if error is not None:  # what a task raises comes as its words; this is Ray's own
        told.set_exception(EnhanceError(f"{item.source}: Ray gave it up: {_first_line(error)}"))
        return
    found = done.result()
    if isinstance(found, Outcome):
        told.set_result(found)
    else:
        told.set_exception(EnhanceError(found))


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _check_version(wanted: str) -> None:
    if software() != wanted:
        raise EnhanceError(
            f"node {socket.gethostname()} has {software()}, and the command is {wanted}: "
            "install the same on every node"
        )


def _work(
    item: Item, options: EnhanceOptions, folder: Path, parts: Path, wanted: str
) -> Outcome | str:
    """Makes an item on a node; words instead of an error, whose traceback nobody wants."""
    cv2.setNumThreads(1)
    try:
        _check_version(wanted)
        with TemporaryDirectory(dir=parts, ignore_cleanup_errors=True) as own:
            return enhance_item(item, options, folder, Path(own), lambda share: None)
    except Exception as error:  # the item's, whatever it is
        return in_words(item, error)


def _resolve(inference: InferenceConfig, wanted: str) -> InferenceConfig | str:
    try:
        _check_version(wanted)
        return resolved(inference)
    except Exception as error:  # as above
        return str(error)
