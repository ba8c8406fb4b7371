"""Whole runs on tcp, among programs that are none of theirs."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zmq

from streamer.messages import ProcessState, SessionStatus, Status, encode
from streamer.transport import Endpoint, Policy, Subscriber
from tests.e2e.command import (
    SMALL,
    addresses_of,
    children_of,
    report_of,
    session_where,
    started,
    wait_for_result,
)
from tests.support.ports import free_ports

pytestmark = pytest.mark.e2e

RIG = ("--model", "bilinear", *SMALL, "--set", "transport.kind=tcp")
CAMERA = "capture.visible"


def on_ports() -> tuple[str, ...]:
    return (*RIG, "--set", f"transport.port={free_ports()}")


@contextmanager
def occupied(host: str, port: int) -> Iterator[None]:
    """A foreign program listens at a port, as soon as it is free."""
    deadline = time.monotonic() + 20
    while True:
        try:
            listening = socket.create_server((host, port), reuse_port=False)
            break
        except OSError:
            assert time.monotonic() < deadline, "its process has not let go of the port"
    with listening:
        yield


def runs(now: SessionStatus) -> bool:
    return now.processes[CAMERA].state is ProcessState.RUNNING


def detail(now: SessionStatus) -> str:
    return now.processes[CAMERA].detail


def restarts(now: SessionStatus) -> int:
    return now.processes[CAMERA].restarts


def test_a_stranger_ends_no_run_and_keys_are_told_to_nobody(tmp_path: Path) -> None:
    report, recording = tmp_path / "r.json", tmp_path / "a.mcap"
    forged = Status(
        process="inference", pid=0, timestamp_ns=1, state=ProcessState.FAILED, detail="forged"
    )
    arguments = ("record", *on_ports(), "--frames", "20", "--output", recording)
    with started(*arguments, "--report", report, PYTHONDEVMODE="1") as run:
        children = children_of(run.pid, "recorder", "inference", CAMERA)
        wait_for_result(run.pid)
        addresses = addresses_of(run.pid)
        with zmq.Context() as context, context.socket(zmq.PUB) as stranger:
            stranger.linger = 0
            stranger.connect(addresses.of(Endpoint.HEARTBEAT))
            told = ["\0".join(one.cmdline()) for one in children.values()]
            told += [str(one.environ()) for one in children.values()]
            while run.poll() is None:
                stranger.send(bytes(encode(forged)))
                time.sleep(0.01)
        out, err = run.communicate(timeout=60)
        assert run.returncode == 0, err
    refused = report_of(report)["refused_connections"]
    assert sum(count for cause, count in refused.items() if cause.startswith("heartbeat/")) > 0
    told += [out, err, report.read_text(), recording.read_bytes().decode("latin-1")]
    keys = addresses.keys
    assert keys is not None
    for text in told:
        assert "forged" not in text
        assert keys.server_secret not in text
        assert keys.client_secret not in text


def test_a_port_taken_while_a_process_is_away_is_waited_for() -> None:
    with started("live", "--headless", *on_ports(), "--set", "supervision.backoff_s=0.2") as run:
        camera = children_of(run.pid, CAMERA)[CAMERA]
        wait_for_result(run.pid)
        addresses = addresses_of(run.pid)
        host, _, port = addresses.of(Endpoint.VISIBLE).removeprefix("tcp://").partition(":")
        with Subscriber(addresses, Endpoint.SESSION, Policy.EVERY) as session:
            session_where(session, run, runs)
            camera.kill()
            with occupied(host, int(port)):
                told = session_where(
                    session, run, lambda now: "address already in use" in detail(now).lower()
                )
                session_where(session, run, lambda now: restarts(now) > restarts(told))
            frames = told.results
            session_where(
                session,
                run,
                lambda now: (
                    now.results > frames + 5
                    and runs(now)
                    and now.statuses["inference"].mode == "guided"
                ),
            )
        run.terminate()
        _, err = run.communicate(timeout=60)
        assert run.returncode == 0, err
        taken = [line for line in err.splitlines() if "Address already in use" in line]
        assert taken, err
        for line in taken:
            assert f"{CAMERA} cannot bind endpoint visible at" in line
            assert "starting it again" in line
        assert "Traceback" not in err
