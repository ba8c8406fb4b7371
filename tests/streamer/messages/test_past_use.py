import msgspec
import numpy as np
import pytest

from streamer.messages import MessageError, PastShares, PastUse, decode, encode
from tests.gui import feeder as make


def test_shares_come_back_within_a_step():
    shares = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    plane = PastShares.of(shares)
    assert (plane.rows, plane.columns) == (3, 4)
    assert np.abs(plane.shares() - shares).max() <= 0.5 / 255 + 1e-6
    assert PastShares.of(shares * 3 - 1).shares().max() == 1  # bounded
    with pytest.raises(ValueError, match="3 codes for 2x2 cells of past shares"):
        PastShares(2, 2, b"abc")


def test_shares_travel_with_a_result_and_are_left_out_where_nobody_asked():
    plane = PastShares.of(np.full((2, 2), 0.5, np.float32))
    alone, told = (
        make.result(0, past=PastUse(8, 0.6, 1.0, None, "", shares))
        for shares in (msgspec.UNSET, plane)
    )
    assert b"shares" not in bytes(encode(alone))
    assert decode(encode(alone)).past.shares is msgspec.UNSET
    assert decode(encode(told)).past.shares == plane


def test_a_damaged_map_is_a_bad_message():
    data = bytes(
        encode(make.result(0, past=PastUse(8, 0.6, 1.0, None, "", PastShares(1, 2, b"ab"))))
    )
    with pytest.raises(MessageError):
        decode(data.replace(b"\xa7columns\x02", b"\xa7columns\x03"))
