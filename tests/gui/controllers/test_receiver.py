import msgspec

from gui.controllers.receiver import Receiver
from gui.panes import Pane
from streamer.config.loading import load_config
from streamer.config.replay import ReplaySettings
from streamer.messages import (
    FeatureRequest,
    PlaybackAction,
    PlaybackCommand,
    ProcessState,
    RunAction,
    RunCommand,
)
from streamer.runtime.roles import ViewerRole
from streamer.transport import Endpoint, Policy, Publisher, Subscriber
from tests.gui import feeder as make
from tests.gui.conftest import open_both_ways, wait_until

PLAYBACK_COMMAND = FeatureRequest("influence", until_ns=1)


def take(receiver, sequence):
    got = []

    def came():
        got.append(receiver.results()[0])
        return got[-1] is not None and got[-1].sequence == sequence

    wait_until(came)
    return got[-1]


def test_gives_the_newest_once(receiver, feeder):
    feeder.send(make.result(0))
    assert take(receiver, 0).mode == "guided"
    assert receiver.results()[0] is None
    assert receiver.dropped == {}


def test_counts_what_was_skipped_but_no_restart(receiver, feeder):
    for sequence in (5, 6, 10, 0, 1, 3):
        feeder.send(make.result(sequence))
        take(receiver, sequence)
    assert receiver.dropped == {"sr/skipped": 4}


def test_foreign_bytes_are_counted_and_survived(receiver, feeder):
    for count, junk in enumerate((b"", b"nonsense", b"CRFM" + bytes(60)), 1):
        feeder.out["sr"].send_bytes(junk)
        wait_until(lambda: receiver.results()[0] or receiver.dropped.get("sr/malformed") == count)  # noqa: B023
    feeder.send(make.result(7))
    assert take(receiver, 7)
    assert receiver.dropped == {"sr/malformed": 3}


def test_a_message_of_another_kind_on_the_endpoint_is_no_result(receiver, feeder):
    feeder.out["sr"].send(make.thermal())
    feeder.send(make.result(1))
    results = []
    wait_until(lambda: results.append(receiver.results()[0]) or results[-1] is not None)
    assert all(one is None for one in results[:-1])
    assert results[-1].sequence == 1


def test_every_stream_reaches_its_pane(receiver, feeder):
    feeder.send(make.visible(1), make.thermal(2), make.influence(3), make.session())
    for pane, sequence in ((Pane.VISIBLE, 1), (Pane.THERMAL, 2), (Pane.INFLUENCE, 3)):
        got = []
        wait_until(lambda: (frame := receiver.frame(pane)) and got.append(frame) is None)  # noqa: B023
        assert got[0].sequence == sequence
    wait_until(lambda: receiver.poll() or receiver.session() is not None)


def test_no_painted_age_is_lost_between_heartbeats(spec, feeder):
    seldom = load_config(None, ["supervision.heartbeat_ms=2000"])
    receiver = Receiver(msgspec.structs.replace(spec, config=seldom))
    open_both_ways(receiver, feeder)
    for number in range(40):
        receiver.painted(0, number * 1_000_000)
        receiver.publish_status(ProcessState.RUNNING, "")
    receiver.publish_status(ProcessState.ENDED, "the window was closed", force=True)
    wait_until(lambda: any(one.state is ProcessState.ENDED for one in feeder.listen()))
    receiver.close()
    assert feeder.painted_ages_ms == [float(number) for number in range(40)]
    assert len(feeder.statuses) < 10  # one a heartbeat, not one a picture


def test_asks_for_the_influence_now_and_then(receiver, feeder):
    def asked():
        feeder.listen()
        return [one.until_ns for one in feeder.commands if one != PLAYBACK_COMMAND]

    wait_until(
        lambda: receiver._requests.send(PLAYBACK_COMMAND) or feeder.listen() or feeder.commands
    )
    for now in range(0, 1_000_000_000, 10_000_000):
        receiver.request("influence", now)
    wait_until(lambda: len(asked()) >= 4)
    assert asked() == [1_000_000_000, 1_300_000_000, 1_600_000_000, 1_900_000_000]


def test_every_result_that_arrives_counts_for_the_rate(receiver, feeder):
    for sequence in range(5):
        feeder.send(make.result(sequence))
        take(receiver, sequence)
    assert len(receiver.models[0].rate._times_ns) == 5


def test_two_viewers_may_ask_the_same_worker(receiver, feeder, addresses):
    with Publisher(addresses, Endpoint.COMMAND, bind=False) as other:
        wait_until(lambda: other.send(PLAYBACK_COMMAND) or feeder.listen() or feeder.commands)


def test_an_order_of_the_first_moment_is_not_lost(spec, addresses):
    """It is given before the line to the supervisor stands, and before the player is there."""
    role = ViewerRole(replay=ReplaySettings(path="/a.mcap", cameras={}))
    receiver = Receiver(msgspec.structs.replace(spec, role=role))
    order, command = RunCommand(RunAction.RECORD), PlaybackCommand(PlaybackAction.PAUSE)
    receiver.send_run_command(order)
    receiver.send_playback_command(command)
    with (
        Subscriber(addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True) as supervisor,
        Subscriber(addresses, Endpoint.PLAYBACK_COMMAND, Policy.EVERY, bind=True) as player,
    ):
        wait_until(lambda: receiver.poll() or supervisor.receive() == order)
        wait_until(lambda: receiver.poll() or player.receive() == command)
    receiver.close()
