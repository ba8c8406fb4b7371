"""Every bit of a picture, or a refusal that names the format."""

import contextlib
import gzip
import struct
import sys

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from streamer.pictures import Cause, PictureError, decoding
from streamer.pictures.decoding import read_stored_file
from streamer.pictures.formats.orientation import turned
from streamer.pictures.guides import GuideDepth, visible_picture
from streamer.pictures.listing.ranks import rank_of
from streamer.pictures.listing.sources import pictures_at
from streamer.pictures.stored import StoredPicture
from streamer.pictures.videos import open_video
from tests.support.pictures import exif, flat, jpeg, png_with, ramp, segment, write

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
QUIET = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def samples(names: tuple[str, ...]) -> st.SearchStrategy[np.ndarray]:
    """Pictures of any of these types, in either byte order."""
    return st.one_of(
        [
            arrays.arrays(
                np.dtype(order + name),
                SHAPES,
                elements={"allow_nan": True} if name[0] == "f" else None,
            )
            for name in names
            for order in "<>"
        ]
    )


@QUIET
@given(pixels=samples(("u1", "u2")), suffix=st.sampled_from((".png", ".tif", ".pgm", ".npy")))
def test_whole_numbers_come_back_to_the_last_bit(tmp_path, pixels, suffix):
    path = tmp_path / f"a{suffix}"
    if suffix == ".npy":
        np.save(path, pixels)
    elif suffix == ".tif":
        tifffile.imwrite(
            path, pixels, byteorder=pixels.dtype.newbyteorder("S").byteorder.strip("|=") or "<"
        )
    else:
        write(path, pixels.astype(pixels.dtype.newbyteorder("=")))
    stored = read_stored_file(path)
    assert not stored.rendering
    assert stored.pixels.dtype.kind == "u"
    assert np.array_equal(stored.pixels, pixels)


@QUIET
@given(
    pixels=samples(("i1", "i2", "i4", "f2", "f4", "f8", "u4")),
    suffix=st.sampled_from((".tif", ".npy")),
    compression=st.sampled_from((None, "zlib")),
)
def test_signed_and_floating_samples_come_back(tmp_path, pixels, suffix, compression):
    path = tmp_path / f"a{suffix}"
    if suffix == ".npy":
        np.save(path, pixels)
    else:
        order = ">" if pixels.dtype.byteorder == ">" else "<"
        tifffile.imwrite(path, pixels, byteorder=order, compression=compression)
    assert np.array_equal(read_stored_file(path).pixels, pixels, equal_nan=pixels.dtype.kind == "f")


@pytest.mark.parametrize(
    "options", [{"imagej": True}, {}, {"compression": "zlib"}, {"bigtiff": True}]
)
def test_a_stack_is_its_pages(tmp_path, options):
    stack = ramp(height=5 * 12, width=16).reshape(5, 12, 16)
    tifffile.imwrite(tmp_path / "s.tif", stack, **options)
    np.save(tmp_path / "t.npy", stack)
    pages = pictures_at(tmp_path)
    assert [each.name for each in pages][:2] == ["s page 1", "s page 2"]
    for index, each in enumerate(pages):
        assert np.array_equal(read_stored_file(each.path, each.page).pixels, stack[index % 5])


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("order", ["<", ">"])
def test_packed_samples_of_a_tiff_are_unpacked(tmp_path, bits, order):
    pixels = ramp(height=6, width=7) * 13 % (1 << bits)
    rows = [f"{''.join(f'{sample:0{bits}b}' for sample in row)}" for row in pixels]
    packed = b"".join(
        int(row.ljust(-(-len(row) // 8) * 8, "0"), 2).to_bytes(-(-len(row) // 8)) for row in rows
    )
    tags = [(256, 7), (257, 6), (258, bits), (259, 1), (262, 1), (273, 8), (277, 1), (278, 6)]
    tags.append((279, len(packed)))
    start = 8 + len(packed) + len(packed) % 2
    data = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", start) + packed
    data = data.ljust(start, b"\0") + struct.pack(order + "H", len(tags))
    for tag, value in tags:
        data += struct.pack(order + "HHII", tag, 4, 1, value)
    path = tmp_path / "a.tif"
    path.write_bytes(data + bytes(4))
    assert np.array_equal(read_stored_file(path).pixels, pixels)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_short_samples_of_a_png_are_what_they_are(tmp_path, bits):
    import zlib

    levels = ramp(np.uint8, 4, 8) % (1 << bits)
    rows = b"".join(
        b"\0" + int("".join(f"{s:0{bits}b}" for s in row), 2).to_bytes(bits) for row in levels
    )

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    path = tmp_path / "a.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 4, bits, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    assert np.array_equal(read_stored_file(path).pixels, levels)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_pictures_stand_upright_whatever_their_kind(tmp_path, orientation, suffix):
    pixels = ramp(np.uint8, 16, 8) // 2
    path = tmp_path / f"a{suffix}"
    if suffix == ".jpg":
        path.write_bytes(jpeg(segment(0xE1, b"Exif\0\0" + exif(orientation)), pixels=pixels))
    elif suffix == ".png":
        path.write_bytes(png_with(pixels, b"eXIf", exif(orientation)))
    else:
        tifffile.imwrite(path, pixels, extratags=[(274, 3, 1, orientation, True)])
    shown = cv2.imread(str(path))  # which knows of EXIF in JPEG
    stored = read_stored_file(path).pixels
    assert np.abs(stored.astype(int) - turned(pixels, orientation)).max() < 8
    if suffix == ".jpg":
        assert np.array_equal(stored, shown[..., 0])
    assert stored.shape == ((8, 16) if orientation > 4 else (16, 8))


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_a_visible_picture_of_any_depth_is_bright(bits):
    deep = (ramp(np.int64, 64, 64) * ((1 << bits) - 1) // 4095).astype(np.uint16)
    levels = visible_picture(StoredPicture(deep), "a")[..., 0]
    assert np.array_equal(levels, deep >> (bits - 8))
    depth = GuideDepth()
    visible_picture(StoredPicture(deep), "a", depth)
    dark = visible_picture(StoredPicture(deep // 64), "b", depth)[..., 0]
    assert np.array_equal(dark, (deep // 64) >> (bits - 8))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
        (b"PK\x03\x04" + bytes(99), "ZIP archive"),
        (b"<!DOCTYPE html>", "web page"),
        (b"nothing known", "cannot be decoded"),
    ],
)
def test_what_is_no_picture_is_said_to_be_what_it_is(tmp_path, content, words):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=words) as error:
        read_stored_file(path)
    assert str(path) in str(error.value)
    assert error.value.cause is Cause.UNDECODABLE


@QUIET
@given(
    cut=st.integers(1, 400),
    suffix=st.sampled_from((".png", ".tif", ".jpg", ".pgm", ".npy", ".bmp")),
)
def test_a_damaged_file_is_refused_or_whole(tmp_path, cut, suffix):
    path = tmp_path / f"a{suffix}"
    pixels = ramp(np.uint8, 16, 16)
    np.save(path, pixels) if suffix == ".npy" else write(path, pixels)
    content = path.read_bytes()
    path.write_bytes(content[: max(1, len(content) - cut)])
    shape = pixels.shape
    with contextlib.suppress(PictureError):  # and no other error
        shape = read_stored_file(path).pixels.shape
    assert shape == pixels.shape


HEADS = (
    *(b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"II*\0", b"MM\0*", b"BM", b"P5\n4 3\n255\n"),
    *(b"\x93NUMPY\x01\0", b"RIFF\x10\0\0\0WEBPVP8 ", b"\x1f\x8b", b"FFF\0", b"\0\0\0\x18ftyp"),
)


@QUIET
@given(
    head=st.sampled_from(HEADS),
    rest=st.binary(max_size=120),
    suffix=st.sampled_from((".png", ".jpg", ".tif", ".npy", ".bmp", ".pgm", ".cptv", ".webp")),
)
def test_whatever_a_file_holds_the_answer_is_a_picture_or_one_line(tmp_path, head, rest, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(head + rest)
    words = str(path)
    for reads in (read_stored_file, lambda each: open_video(each, counts=True).release()):
        try:
            reads(path)
        except PictureError as refused:
            words = str(refused)
        assert str(path) in words
        assert "\n" not in words
    rank_of(path)


def test_colours_are_blue_green_red_whatever_the_file(tmp_path):
    pixels = np.dstack([np.full((6, 8), level, np.uint8) for level in (10, 90, 200)])
    write(tmp_path / "a.png", pixels)
    tifffile.imwrite(tmp_path / "b.tif", pixels[..., ::-1], photometric="rgb")
    planes = np.moveaxis(pixels[..., ::-1], 2, 0)
    tifffile.imwrite(tmp_path / "c.tif", planes, photometric="rgb", planarconfig="separate")
    np.save(tmp_path / "d.npy", pixels[..., ::-1])
    for each in pictures_at(tmp_path):
        stored = read_stored_file(each.path)
        assert np.array_equal(stored.pixels, pixels), each
        assert stored.rendering == "in colour"
    assert not read_stored_file(write(tmp_path / "e.png", flat(9))).rendering


def cptv_file(frames: np.ndarray) -> bytes:
    """A CPTV file of 16-bit differences, as its format is published."""

    def section(kind: bytes, fields: list[tuple[bytes, bytes]]) -> bytes:
        told = b"".join(bytes([len(value)]) + name + value for name, value in fields)
        return kind + bytes([len(fields)]) + told

    height, width = frames.shape[1:]
    size = [(b"X", struct.pack("<I", width)), (b"Y", struct.pack("<I", height))]
    head = [(b"C", b"\1"), (b"T", struct.pack("<Q", 10**15)), *size]
    data = b"CPTV\2" + section(b"H", head)
    before = np.zeros(height * width, np.int64)
    for frame in frames.astype(np.int64):
        snake = frame.copy()
        snake[1::2] = snake[1::2, ::-1]
        change = snake.ravel() - before
        before = snake.ravel()
        packed = struct.pack("<i", change[0]) + np.diff(change).astype(">i2").tobytes()
        data += section(b"F", [(b"w", b"\x10"), (b"f", struct.pack("<I", len(packed)))]) + packed
    return gzip.compress(data)


def test_cptv_is_its_frames_or_says_what_it_needs(tmp_path, monkeypatch):
    frames = np.random.default_rng(0).integers(3000, 4000, (3, 6, 8)).astype(np.uint16)
    path = tmp_path / "a.cptv"
    path.write_bytes(cptv_file(frames))
    monkeypatch.setitem(sys.modules, "cptv", None)
    with pytest.raises(PictureError, match=r"corefusion-live\[cptv\]"):
        read_stored_file(path)
    monkeypatch.undo()
    pytest.importorskip("cptv")
    pages = pictures_at(path)
    assert len(pages) == 3
    for each, truth in zip(pages, frames, strict=True):
        assert np.array_equal(read_stored_file(each.path, each.page).pixels, truth)
    (tmp_path / "b.cptv").write_bytes(cptv_file(frames)[:60])
    with pytest.raises(PictureError, match=r"b\.cptv: cptv cannot read it"):
        read_stored_file(tmp_path / "b.cptv")


def test_a_picture_without_pixels_is_refused(tmp_path):
    path = tmp_path / "a.tif"
    with pytest.warns(UserWarning, match="zero-size"):
        tifffile.imwrite(path, np.zeros((0, 5), np.uint16))
    with pytest.raises(PictureError, match=r"a\.tif cannot be decoded"):
        read_stored_file(path)
    path = tmp_path / "a.npy"
    np.save(path, np.zeros((5, 0), np.uint16))
    with pytest.raises(PictureError, match=r"a\.npy cannot be decoded"):
        read_stored_file(path)


@pytest.mark.parametrize("pixels", [np.zeros(0, np.uint8), np.zeros(7, np.uint16)])
def test_a_picture_of_one_side_is_refused(tmp_path, monkeypatch, pixels):
    path = write(tmp_path / "a.tif", flat(9))
    monkeypatch.setattr(decoding, "read_tiff", lambda path, page: StoredPicture(pixels))
    with pytest.raises(
        PictureError, match=rf"a\.tif cannot be decoded: .* of {pixels.size} pixels"
    ):
        read_stored_file(path)


@QUIET
@given(
    top=st.integers(1, 65535),
    kind=st.sampled_from(("P2", "P3", "P5", "P6")),
    comment=st.sampled_from(("", "# of 255\n")),
    seed=st.integers(0, 99),
)
def test_pnm_of_every_largest_value_is_kept(tmp_path, top, kind, comment, seed):
    shape = (3, 5) if kind in ("P2", "P5") else (3, 5, 3)
    samples = np.random.default_rng(seed).integers(0, top + 1, shape)
    head = f"{kind}\n{comment}5 3\n{top}\n".encode()
    if kind in ("P2", "P3"):
        body = "\n".join(map(str, samples.ravel())).encode()
    else:
        body = samples.astype(">u2" if top > 255 else "u1").tobytes()
    path = tmp_path / "a.pnm"
    path.write_bytes(head + body)
    read = read_stored_file(path).pixels
    assert np.array_equal(read, samples if samples.ndim == 2 else samples[..., ::-1])
    assert read.dtype == (np.uint16 if top > 255 else np.uint8)


@pytest.mark.parametrize("body", ["1 2 3", "1 2 x 4 5 6", "1 2 3 4 5 99", "-1 2 3 4 5 6", ""])
def test_pnm_as_text_that_is_none_is_refused(tmp_path, body):
    (tmp_path / "a.pgm").write_text(f"P2\n3 2\n50\n{body}\n")
    with pytest.raises(PictureError, match=r"a\.pgm cannot be decoded"):
        read_stored_file(tmp_path / "a.pgm")
