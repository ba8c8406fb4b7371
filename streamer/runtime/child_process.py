"""One process of a run, from its first to its last moment.

A child reads its spec as one line of JSON from its standard input. The pipe stays open as a
lifeline: when the supervisor goes away, however it does, the pipe closes, and the child stops,
clears the socket directory and leaves.
"""

import gc
import logging
import os
import shutil
import signal
import threading
import time

import msgspec

from streamer.errors import CorefusionError
from streamer.imports import uncollected
from streamer.logs.log_file import LogFileError
from streamer.logs.setup import add_handler, log_uncaught, start_logging, unseen
from streamer.messages import ProcessState
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.table import EXIT_FINAL, EXIT_TAKEN, resolve
from streamer.transport import EndpointTakenError, close_sockets

log = logging.getLogger(__name__)

_ORPHAN_GRACE_S = 1.5
_LAST_WORD_S = 1.0


def run(name: str) -> int:
    """Runs one process to its end; returns its exit code."""
    # unbuffered: a thread that waits inside a buffered reader aborts the interpreter's exit
    with open(0, "rb", buffering=0, closefd=False) as pipe:
        spec = msgspec.json.decode(pipe.readline(), type=ProcessSpec)
    _start_logging(spec)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    for number in (signal.SIGINT, signal.SIGHUP):  # the supervisor passes on what it is told
        signal.signal(number, signal.SIG_IGN)
    orphaned = threading.Event()
    threading.Thread(target=_lifeline, args=(stop, orphaned, spec), daemon=True).start()
    try:
        with uncollected():
            main = resolve(name)
            gc.freeze()  # nor is it gone through later, when a frame would wait for it
        main(spec, stop)
    except EndpointTakenError as error:
        _report_end(spec, ProcessState.WAITING, str(error), stop)
        return EXIT_TAKEN
    except CorefusionError as error:
        log.error("%s", error, extra=unseen())
        _report_end(spec, ProcessState.FAILED, str(error), stop)
        return EXIT_FINAL
    finally:
        close_sockets()
        if orphaned.is_set():
            _clear(spec)
    return 0


def _start_logging(spec: ProcessSpec) -> None:
    start_logging(spec.label)
    log_uncaught()
    if spec.log is not None:
        try:
            add_handler(spec.log.handler_of(spec.label))
        except LogFileError as error:
            log.warning("%s", error)


def _lifeline(stop: threading.Event, orphaned: threading.Event, spec: ProcessSpec) -> None:
    """Waits for the supervisor's end of the pipe to close; then nothing may keep this process."""
    while os.read(0, 1):
        pass
    orphaned.set()
    stop.set()
    time.sleep(_ORPHAN_GRACE_S)
    _clear(spec)
    os._exit(1)


def _clear(spec: ProcessSpec) -> None:
    """Removes the directory of a run whose supervisor can no longer do it."""
    if spec.directory is not None:
        shutil.rmtree(spec.directory, ignore_errors=True)


def _report_end(spec: ProcessSpec, state: ProcessState, reason: str, stop: threading.Event) -> None:
    """Says why it ends until it was heard, or for a while: a socket just opened may be connecting.

    A supervisor that has heard of a failure tells every process to stop; who was told before does
    not know whether it was heard.
    """
    link = SupervisorLink(spec)
    heard = threading.Event() if stop.is_set() else stop
    deadline = time.monotonic() + _LAST_WORD_S
    while time.monotonic() < deadline and not heard.is_set():
        link.report(state, reason, force=True)
        heard.wait(0.1)
    link.close()
