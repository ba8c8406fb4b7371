"""Messages that lie are refused, each with a counted cause; no reader stumbles over them."""

import time
from itertools import count, islice

import pytest

from streamer.messages import FeatureRequest, MessageError, decode, encode
from streamer.transport import Addresses, Endpoint, Policy, Subscriber
from tests.support.hostile_messages import hostile_messages
from tests.support.outlet import Outlet

COUNT = 4000


def test_a_lie_is_refused_or_harmless() -> None:
    refused = 0
    for hostile in islice(hostile_messages(1), COUNT):
        if len(hostile.parts) > 1:
            continue
        try:
            message = decode(hostile.parts[0])
        except MessageError:
            refused += 1
            continue
        assert not hostile.refused, hostile.parts[0][:200]
        encode(message)  # all of its fields are of their types
    assert refused > COUNT / 2


def test_a_seed_gives_the_same_lies() -> None:
    one, same, other = (list(islice(hostile_messages(seed), 50)) for seed in (3, 3, 4))
    assert one == same != other


@pytest.mark.parametrize("policy", list(Policy))
def test_every_lie_that_is_read_counts(addresses: Addresses, policy: Policy) -> None:
    marks = (FeatureRequest("so far", number) for number in count())
    with (
        Outlet(addresses, Endpoint.COMMAND) as outlet,
        Subscriber(addresses, Endpoint.COMMAND, policy) as subscriber,
    ):
        deadline = time.monotonic() + 20
        while not outlet.listening():
            assert time.monotonic() < deadline
        sent = must_refuse = good = 0

        def read_to_mark() -> int:
            """What comes before a mark, which is sent now: no queue is ever full of lies."""
            mark = next(marks)
            outlet.send(mark)
            before = 0
            while (message := subscriber.receive(30_000)) != mark:
                assert message is not None, "the mark was not told"
                before += 1
            return before

        for hostile in islice(hostile_messages(2), COUNT // 4):
            if policy is Policy.LATEST and len(hostile.parts) > 1:
                continue  # libzmq's own conflation takes one part apiece
            outlet.send_parts(hostile.parts)
            sent, must_refuse = sent + 1, must_refuse + hostile.refused
            good += subscriber.receive() is not None
            if sent % 100 == 0:
                good += read_to_mark()
        good += read_to_mark()
        if policy is Policy.EVERY:
            assert good + subscriber.malformed == sent
            assert subscriber.malformed >= must_refuse > 0
        else:
            assert good + subscriber.malformed <= sent
