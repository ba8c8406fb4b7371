"""What a run has of its own before anything starts: a directory, addresses, a log."""

import logging

from streamer.config.schema import Config
from streamer.logs.log_file import LogFileError
from streamer.logs.run_log import RunLog, log_folder
from streamer.runtime.socket_directory import SocketDirectory
from streamer.transport import Addresses, RunKeys

log = logging.getLogger(__name__)


def log_of(config: Config) -> RunLog | None:
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


def own_directory(config: Config) -> SocketDirectory | None:
    """The run's own. On tcp it only tells other programs of this user where the run is."""
    try:
        return SocketDirectory()
    except OSError as error:
        if config.transport.kind == "ipc":
            raise
        log.warning("no other program can follow this run: %s", error)
        return None


def run_addresses(config: Config, directory: SocketDirectory | None) -> Addresses:
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
