"""Whole replays that go on for as long as they are driven: jumps, steps, and workers that die."""

import os
import signal
import threading
from pathlib import Path

import msgspec
import pytest

from streamer.clock import NS_PER_S, now_ns
from streamer.config.loading import load_config
from streamer.config.replay import ReplaySettings
from streamer.messages import (
    FeatureRequest,
    Frame,
    Message,
    PlaybackAction,
    PlaybackCommand,
    PlayerState,
    SuperResolvedFrame,
)
from streamer.recording import RecordingReader
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.supervision.session import RunSession
from streamer.transport import Endpoint, Policy, Publisher, Subscriber
from tests.e2e.command import (
    children_of,
    following,
    report_of,
    session_where,
    started,
    wait_for_result,
)
from tests.support.fake_session import DEADLINE_S
from tests.support.steady_recording import RATE_HZ

pytestmark = pytest.mark.e2e

PLAIN = ("--model", "bilinear")
MODELS = ("bilinear", "bicubic")


def received(subscriber: Subscriber) -> Message:
    message = subscriber.receive(60_000)
    assert message is not None, f"nothing came on {subscriber.endpoint}"
    return message


def player_state(clock: Subscriber) -> PlayerState:
    message = received(clock)
    assert isinstance(message, PlayerState)
    return message


def until_shown(subscriber: Subscriber, sequence: int) -> Message:
    """What is shown of the thermal frame of this number; what comes before it is passed over."""
    while True:
        message = received(subscriber)
        source = message.thermal if isinstance(message, SuperResolvedFrame) else message
        if source is not None and source.sequence == sequence:
            return message


def test_standing_still_each_jump_and_step_shows_its_frame_in_both(recording: Path) -> None:
    reader = RecordingReader(recording)
    thermal = [one.message.sequence for one in reader.read(("thermal",))]
    config, other = (load_config(None, [f"inference.model={one}"]) for one in MODELS)
    settings = ReplaySettings(path=str(recording), cameras=reader.info.cameras, compare="bicubic")
    plan = RunPlan(
        config=config,
        headless=True,
        bounds=StopConditions(duration_s=600),
        replay=settings,
        compare=other,
    )
    run = RunSession(plan)
    shown: list[int] = []

    def drive() -> None:
        with (
            Publisher(run._place.addresses, Endpoint.PLAYBACK_COMMAND, bind=False) as wishes,
            Subscriber(run._place.addresses, Endpoint.SR, Policy.EVERY) as results,
            Subscriber(run._place.addresses, Endpoint.COMPARE, Policy.EVERY) as others,
            Publisher(run._place.addresses, Endpoint.COMMAND, bind=False) as looks,
            Subscriber(run._place.addresses, Endpoint.INFLUENCE, Policy.EVERY) as influence,
            Subscriber(run._place.addresses, Endpoint.CLOCK, Policy.EVERY) as clock,
        ):
            assert results.receive(60_000) is not None
            while not (state := player_state(clock)).paused:
                wishes.send(PlaybackCommand(PlaybackAction.PAUSE))  # the first may find no ear yet
            looks.send(FeatureRequest("influence", now_ns() + 600 * NS_PER_S))
            wishes.send(PlaybackCommand(PlaybackAction.SEEK, 0.8))
            before = state.epoch
            while state.epoch == before:
                state = player_state(clock)
            sequence = state.shows["thermal"]
            for step in (None, 1, 1, -1):
                if step is None:  # what was under way before comes first
                    first, second = (until_shown(one, sequence) for one in (results, others))
                else:
                    wishes.send(PlaybackCommand(PlaybackAction.STEP, step))
                    first, second = (received(one) for one in (results, others))
                assert first.thermal == second.thermal is not None
                assert first.visible == second.visible
                shown.append(first.thermal.sequence)
                added = until_shown(influence, first.thermal.sequence)  # of this very frame
                assert isinstance(added, Frame)
                assert results.receive(300) is None

    def drive_to_the_end() -> None:
        try:
            drive()
        finally:
            run.stop()

    thread = threading.Thread(target=drive_to_the_end)
    opened = run._open

    def open_and_drive() -> None:
        opened()
        thread.start()

    run._open = open_and_drive  # type: ignore[method-assign]
    report = run.run()
    thread.join()
    assert report.compare is not msgspec.UNSET
    assert (report.model, report.compare.model) == MODELS
    first = thermal.index(shown[0])
    assert first / RATE_HZ == pytest.approx(0.8, abs=1 / RATE_HZ)
    assert shown == [thermal[first + n] for n in (0, 1, 2, 1)]


def test_a_worker_that_dies_while_a_replay_stands_at_its_end_shows_its_picture_again(
    recording: Path, tmp_path: Path
) -> None:
    """And the last picture is that of the last thermal frame, which no visible one follows."""
    last = [one.message.sequence for one in RecordingReader(recording).read(("thermal",))][-1]
    with started(
        "replay", recording, *PLAIN, "--start", "2.8", XDG_CONFIG_HOME=str(tmp_path)
    ) as run:
        with following(run.pid, Endpoint.SESSION) as session:
            with following(run.pid, Endpoint.SR) as results:
                until_shown(results, last)
            told = session_where(session, run, lambda told: told.results > 0)
            os.kill(told.statuses["inference"].pid, signal.SIGKILL)
            told = session_where(
                session, run, lambda told: told.processes["inference"].restarts == 1
            )
            session_where(session, run, lambda later: later.results > told.results)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err


def test_the_second_worker_dies_and_the_first_goes_on(recording: Path, tmp_path: Path) -> None:
    report = tmp_path / "k.json"
    arguments = ("replay", recording, *PLAIN, "--compare", "bicubic", "--loop")
    with started(*arguments, "--report", report) as run:
        second = children_of(run.pid, "compare", "inference")["compare"]
        wait_for_result(run.pid, Endpoint.COMPARE)
        with following(run.pid, Endpoint.SESSION) as session:
            second.kill()
            told = session_where(session, run, lambda told: told.processes["compare"].restarts == 1)
            session_where(session, run, lambda later: later.results > told.results + 10)
        wait_for_result(run.pid, Endpoint.COMPARE)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
        assert run.returncode == 0, err
    both = report_of(report)
    assert both["restarts"]["compare"] == 1
    assert both["restarts"]["inference"] == 0
    assert both["compare"]["model"] == "bicubic"
