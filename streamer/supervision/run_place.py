"""What a run has of its own before anything starts: a directory, addresses, a log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamer.config.schema import Config
from streamer.errors import CorefusionError
from streamer.logs.log_file import LogFile, LogFileError
from streamer.logs.run_log import RunLog, log_folder
from streamer.logs.setup import add_handler, remove_handler, unseen
from streamer.runtime.socket_directory import SocketDirectory
from streamer.shareable import without_credentials
from streamer.supervision.metrics.result_monitor import ResultMonitor
from streamer.transport import Addresses, RunKeys
from streamer.version import software

log = logging.getLogger(__name__)


class RunPlace:
    """Directory, addresses and log of a run.

    Args:
        config: of the run.

    Attributes:
        addresses: where its endpoints are.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._directory = _own_directory(config)
        self.addresses = _addresses(config, self._directory)
        self._log = _log_of(config)

    @property
    def folder(self) -> Path | None:
        """The run's own, if it has one."""
        return None if self._directory is None else self._directory.path

    @property
    def told(self) -> tuple[Addresses, str | None, LogFile | None]:
        """What its processes are told of it."""
        folder = None if self.folder is None else str(self.folder)
        return self.addresses, folder, None if self._log is None else self._log.file

    @contextmanager
    def logged(self, figures: ResultMonitor) -> Iterator[None]:
        """The command's own lines go to the log of the run as well, its beginning and end too."""
        handler = None if self._log is None else add_handler(self._log.handler)
        config = self._config
        cameras = f"{config.capture.visible.source}, {config.capture.thermal.source}"
        sources = without_credentials(cameras)
        log.info("%s begins: %s, %s", software(), sources, config.inference.model)
        try:
            yield
        except CorefusionError as error:
            log.error("%s", error, extra=unseen())
            raise
        finally:
            log.info("ends after %d results", figures.frames)
            if handler is not None:
                remove_handler(handler)

    def check_log(self) -> None:
        """Keeps the log within its bound."""
        if self._log is not None:
            self._log.check_size()

    def remove(self) -> None:
        """Removes the directory."""
        if self._directory is not None:
            self._directory.remove()


def _log_of(config: Config) -> RunLog | None:
    """The log of a run; where none can be written, that is said and the run goes on."""
    settings = config.log
    try:
        return RunLog(
            log_folder(settings.folder),
            level=settings.level,
            format=settings.format,
            max_mb=settings.max_mb,
            keep_runs=settings.keep_runs,
        )
    except LogFileError as error:
        log.warning("%s; this run goes without", error)
        return None


def _own_directory(config: Config) -> SocketDirectory | None:
    """The run's own. On tcp it only tells other programs of this user where the run is."""
    try:
        return SocketDirectory()
    except OSError as error:
        if config.transport.kind == "ipc":
            raise
        log.warning("no other program can follow this run: %s", error)
        return None


def _addresses(config: Config, directory: SocketDirectory | None) -> Addresses:
    """Where the endpoints of a run are: in its directory, or on tcp ports of this host."""
    transport = config.transport
    base, keys = None if directory is None else str(directory.path), None
    if base is None or transport.kind == "tcp":
        host = "127.0.0.1" if transport.host == "localhost" else transport.host
        base, keys = f"tcp://{host}:{transport.port}", RunKeys.generate()
    return Addresses(
        base=base,
        max_message_bytes=transport.max_message_mb * 2**20,
        queue_length=transport.queue_length,
        queue_bytes=round(transport.queue_mb * 2**20),
        keys=keys,
    )
