"""When a picture was taken, by EXIF of every writing."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.pictures.decoding import read_stored_file
from streamer.pictures.formats.taken import taken_at, taken_ns
from tests.support.pictures import dated, flat, jpeg, png_with, segment


@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
    digits=st.integers(0, 6),
    hours=st.one_of(st.none(), st.integers(-12, 14)),
    order=st.sampled_from("<>"),
    kind=st.sampled_from(("jpeg", "png")),
)
def test_to_the_fraction_and_with_its_offset(tmp_path_factory, moment, digits, hours, order, kind):
    text = f"{moment.microsecond:06}"[:digits]
    offset = "" if hours is None else f"{hours:+03}:00"
    block = dated(f"{moment:%Y:%m:%d %H:%M:%S}", fraction=text, offset=offset, order=order)
    if kind == "jpeg":
        data = jpeg(segment(0xE1, b"Exif\0\0" + block))
    else:
        data = png_with(np.zeros((4, 4), np.uint8), b"eXIf", block)
    path = tmp_path_factory.mktemp("taken") / "a.jpg"
    path.write_bytes(data)
    wanted = moment.replace(microsecond=int(text.ljust(6, "0")), tzinfo=UTC)
    seconds = round((wanted - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1e6)
    assert taken_ns(path) == seconds * 1000 - (hours or 0) * 3600 * 10**9
    assert read_stored_file(path).metadata["taken"] == taken_at(data)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"MM\0*",
        dated("2023:13:99 00:00:00"),
        dated("0000:00:00 00:00:00"),
        dated("yesterday"),
        dated("2023:05:04 10:11:12")[:40],
    ],
)
def test_what_is_no_time_is_none(tmp_path, block):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(segment(0xE1, b"Exif\0\0" + block), pixels=flat(3)))
    assert taken_ns(path) is None
    assert "taken" not in read_stored_file(path).metadata


def test_the_date_of_the_file_stands_in_for_the_original():
    block = dated("2023:05:04 10:11:12", original=False)
    assert taken_at(jpeg(segment(0xE1, b"Exif\0\0" + block))) == "2023-05-04T10:11:12"
    both = dated("2023:05:04 10:11:12", offset="nonsense"[:6])
    assert taken_at(jpeg(segment(0xE1, b"Exif\0\0" + both))) == "2023-05-04T10:11:12"
