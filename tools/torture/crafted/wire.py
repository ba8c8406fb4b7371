"""Messages, as they come from a socket: good and untrue, and damaged."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from streamer.clock import HostNs, StreamNs
from streamer.messages import (
    FeatureRequest,
    Message,
    Mode,
    ModeChange,
    PlaybackAction,
    PlaybackCommand,
    ProcessState,
    RunAction,
    RunCommand,
    Status,
    decode,
    encode,
)
from tests.support.mutations import mutated
from tests.support.recordings import result, session, thermal, visible
from tools.torture.crafted.damage import draw_steps
from tools.torture.crafted.subject import Words

_GOOD = 200


def good_message(random: Random) -> bytes:
    """A message of any kind, as bytes."""
    index = random.randrange(1000)
    kinds: list[Callable[[int], Message]] = [visible, thermal, result, session]
    good = forged(random) if random.random() < 0.4 else random.choice(kinds)(index)
    return bytes(encode(good))


def mutated_message(random: Random) -> bytes:
    """The same, damaged in up to four places."""
    data = good_message(random)
    return mutated(data, draw_steps(random, len(data)))


def forged(random: Random) -> Message:
    """A message that is good, and untrue."""
    number = random.choice((0, 1, -1, 2**31, 2**62, -(2**63)))
    huge = random.choice((0.0, 1e12, -1e12, 1e300))
    names = ("inference", "capture.visible", "capture.thermal", "recorder", "viewer", "nobody")
    status = Status(
        process=random.choice(names),
        pid=random.randrange(2**16),
        timestamp_ns=HostNs(number),
        state=random.choice([one for one in ProcessState if one is not ProcessState.FAILED]),
        detail="\x1b[31m" * random.randrange(9) + "[/b]",
        dropped={"visible/late": number, "x" * random.randrange(200): 1},
        ages_ms={"visible": huge, "thermal": huge},
        mode=random.choice(list(Mode)),
        last_sequence=number,
    )
    messages: list[Message] = [
        status,
        ModeChange(StreamNs(number), Mode.HOLD, random.choice(list(Mode)), "forged"),
        FeatureRequest(random.choice(("influence", "", "x" * 1000)), HostNs(number)),
        PlaybackCommand(random.choice(list(PlaybackAction)), huge),
        RunCommand(random.choice(list(RunAction)), huge, "x" * random.randrange(5000)),
    ]
    return random.choice(messages)


class Messages:
    """Damaged messages of every kind."""

    name = "messages"
    batch = 20_000

    def prepare(self, folder: Path) -> None:
        """Good ones of every kind."""
        random = Random(0)
        self._good = [good_message(random) for _ in range(_GOOD)]

    def craft(self, random: Random, folder: Path) -> bytes:
        """One message, damaged."""
        data = random.choice(self._good)
        return mutated(data, draw_steps(random, len(data)))

    def read(self, case: bytes) -> None:
        """As every subscriber does."""
        pixels = getattr(decode(case), "pixels", None)
        if pixels is not None:
            pixels.max()

    def commands(self, case: bytes, folder: Path) -> list[Words]:
        """None takes messages."""
        return []
