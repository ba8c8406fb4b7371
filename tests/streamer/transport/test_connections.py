"""What libzmq's events say of connections."""

import zmq

from streamer.transport.connections import Attachment, RefusedConnections

MISMATCH = zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH
CRYPTOGRAPHIC = zmq.PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC


def test_refusals_count_by_cause() -> None:
    refused = RefusedConnections()
    refused.take(zmq.EVENT_ACCEPTED, 10, 0.0)
    assert refused.take(zmq.EVENT_HANDSHAKE_SUCCEEDED, 0, 0.1) is None
    for fd, event, value, cause in (
        (11, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, MISMATCH, "unencrypted"),
        (12, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, CRYPTOGRAPHIC, "wrong_key"),
        (12, zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400, "wrong_key"),
    ):
        refused.take(zmq.EVENT_ACCEPTED, fd, 0.0)
        assert refused.take(event, value, 0.1) == cause
        refused.take(zmq.EVENT_DISCONNECTED, fd, 0.1)
    assert refused.counts(0.2) == {"unencrypted": 1, "wrong_key": 2}


def test_what_leaves_without_a_word_counts_once_it_cannot_come_in_any_more() -> None:
    refused = RefusedConnections()
    refused.take(zmq.EVENT_ACCEPTED, 10, 0.0)
    assert refused.counts(0.5) == {}
    assert refused.counts(1.5) == {"no_handshake": 1}  # it waits for something
    refused.take(zmq.EVENT_HANDSHAKE_SUCCEEDED, 0, 2.0)  # this host is slow: it was one of ours
    refused.take(zmq.EVENT_DISCONNECTED, 10, 3.0)
    assert refused.counts(9.0) == {}
    for fd in range(20, 25):
        refused.take(zmq.EVENT_ACCEPTED, fd, 10.0)
        refused.take(zmq.EVENT_DISCONNECTED, fd, 10.0)
    assert refused.counts(10.0) == {"no_handshake": 5}


def test_a_stranger_stays_counted_while_others_are_let_in() -> None:
    refused = RefusedConnections()
    refused.take(zmq.EVENT_ACCEPTED, 10, 0.0)
    assert refused.counts(2.0) == {"no_handshake": 1}
    for event, value in (
        (zmq.EVENT_HANDSHAKE_SUCCEEDED, 0),
        (zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400),
    ):
        refused.take(zmq.EVENT_ACCEPTED, 11, 2.0)
        assert refused.counts(2.0)["no_handshake"] == 1
        refused.take(event, value, 2.1)
        assert refused.counts(2.1)["no_handshake"] == 1
        refused.take(zmq.EVENT_DISCONNECTED, 11, 2.1)
    assert refused.counts(9.0) == {"no_handshake": 1, "wrong_key": 1}


def test_what_libzmq_tries_again_is_left_to_it() -> None:
    attachment = Attachment()
    for event in (zmq.EVENT_CONNECT_DELAYED, zmq.EVENT_CONNECTED):
        attachment.take(event, 0.0)
    assert not attachment.given_up(100.0, 0.25)
    attachment.take(zmq.EVENT_DISCONNECTED, 101.0)
    assert not attachment.given_up(101.1, 0.25)
    attachment.take(zmq.EVENT_CONNECT_RETRIED, 101.1)
    assert not attachment.given_up(200.0, 0.25)
    attachment.take(zmq.EVENT_DISCONNECTED, 201.0)
    assert attachment.given_up(201.5, 0.25)
    attachment.begun_again()
    assert not attachment.given_up(300.0, 0.25)
