"""One contract for the adapters of all makers, and what is special about each."""

import struct
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from streamer.pictures import Cause, PictureError
from streamer.pictures.counts import thermal_counts
from streamer.pictures.decoding import read_stored_file
from streamer.pictures.guides import visible_picture
from streamer.pictures.radiometric import ADAPTERS, adapter_of
from tests.support.pictures import exif, flat, flir_jpeg, jpeg, ramp, segment


def infiray(kelvin: np.ndarray | None = None, size: tuple[int, int] = (192, 256)) -> bytes:
    readings = np.full(size, 300.0) if kelvin is None else kelvin
    block = bytes(2 * readings.size) + np.rint(readings * 64).astype("<u2").tobytes()
    parts = [block[start : start + 60_000] for start in range(0, len(block), 60_000)]
    return jpeg(segment(0xE2, b"IJPEG\0" + bytes(30)), *(segment(0xE3, part) for part in parts))


def dji(counts: np.ndarray | None = None) -> bytes:
    block = (ramp(np.uint16, 512, 640) if counts is None else counts).astype("<u2").tobytes()
    maker = segment(0xE1, b"Exif\0\0" + exif(make=b"DJI\0"))
    parts = [block[start : start + 60_000] for start in range(0, len(block), 60_000)]
    return jpeg(maker, *(segment(0xE3, part) for part in parts))


def hikmicro(counts: np.ndarray | None = None) -> bytes:
    counts = ramp(np.uint16, 192, 256, low=6000) if counts is None else counts
    rows, columns = counts.shape
    head = b"HDRI" + struct.pack("<HHIII", 0x1028, 0, 0, columns, rows)
    maker = segment(0xE1, b"Exif\0\0" + exif(make=b"HIKMICRO\0"))
    behind = head.ljust(44, b"\0") + counts.astype("<u2").tobytes() + bytes(1100)
    return jpeg(maker, behind=behind)


def uni_t() -> bytes:
    head = b"BM" + (54 + 320 * 240 * 2).to_bytes(4, "little") + bytes(4) + b"\x36\0\0\0"
    head += b"\x28\0\0\0" + (320).to_bytes(4, "little") + (240).to_bytes(4, "little")
    return (head + b"\1\0\x10\0").ljust(54, b"\0") + bytes(320 * 240 * 3)


FILES = {
    "FLIR radiometric JPEG": flir_jpeg,
    "InfiRay JPEG (IJPEG)": infiray,
    "radiometric JPEG of DJI (R-JPEG)": dji,
    "radiometric JPEG of HIKMICRO": hikmicro,
    "BMP with thermal data behind it, as UNI-T writes it": uni_t,
}
ORDINARY = {
    "photograph": jpeg(pixels=flat(90)),
    "photograph of a FLIR camera": jpeg(segment(0xE1, b"Exif\0\0" + exif(make=b"FLIR\0"))),
    "photograph of a DJI drone": jpeg(segment(0xE1, b"Exif\0\0" + exif(make=b"DJI\0"))),
}


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda each: each.name)
class TestAdapters:
    def test_it_knows_its_own_files_and_no_others(self, adapter):
        for name, make in FILES.items():
            assert adapter.recognises(make()) == (name == adapter.name), name
        for name, data in ORDINARY.items():
            assert not adapter.recognises(data), name
        assert adapter_of(FILES[adapter.name]()) is adapter

    def test_it_gives_kelvin_or_counts_or_says_why_not(self, adapter, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "flyr", None)
        path = tmp_path / "a.jpg"
        path.write_bytes(FILES[adapter.name]())
        try:
            stored = read_stored_file(path)
        except PictureError as refused:
            told = refused
            stored = None
        if stored is None:
            assert str(path) in str(told)
            assert "\n" not in str(told)
            assert told.cause is Cause.NOT_READ
        else:
            assert stored.kelvin or stored.pixels.dtype == np.uint16
            assert (thermal_counts(stored, "a").radiometry is not None) == stored.kelvin
            assert stored.kelvin or "without degrees" in adapter.told
            with pytest.raises(PictureError, match="without a visible picture"):
                visible_picture(stored, "a")

    def test_a_cut_off_file_is_refused_in_words(self, adapter, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "flyr", None)
        path = tmp_path / "a.jpg"
        path.write_bytes(FILES[adapter.name]()[:300])
        with pytest.raises(PictureError, match=r"a\.jpg"):
            read_stored_file(path)

    def test_the_reference_tells_of_it(self, adapter):
        assert adapter.told.endswith((".", "first")) or adapter.told
        assert bool(adapter.extra) == bool(adapter.library)


def test_infiray_readings_are_a_64th_of_a_kelvin(tmp_path):
    kelvin = 290 + ramp(np.float64, 192, 256) / 1000
    (tmp_path / "a.jpg").write_bytes(infiray(kelvin))
    stored = read_stored_file(tmp_path / "a.jpg")
    assert np.abs(stored.pixels - kelvin).max() <= 1 / 128
    (tmp_path / "b.jpg").write_bytes(infiray(np.zeros((192, 256))))
    with pytest.raises(PictureError, match="not as published"):
        read_stored_file(tmp_path / "b.jpg")
    (tmp_path / "c.jpg").write_bytes(infiray(size=(100, 100)))
    with pytest.raises(PictureError, match="no sensor whose layout is published"):
        read_stored_file(tmp_path / "c.jpg")


def flyr(monkeypatch, kelvin, optical=None, pip=None):
    still = SimpleNamespace(kelvin=kelvin, optical=optical, metadata={"emissivity": 0.95})
    if pip is not None:
        still.pip_info = SimpleNamespace(offset_x=0, offset_y=0, **pip)
    monkeypatch.setitem(sys.modules, "flyr", SimpleNamespace(unpack=lambda path: still))


def test_flir_keeps_its_range_whatever_it_is(tmp_path, monkeypatch):
    flyr(monkeypatch, np.array([[300.0, 993.15]]))
    (tmp_path / "a.jpg").write_bytes(flir_jpeg())
    picture = thermal_counts(read_stored_file(tmp_path / "a.jpg"), "a")
    degrees = [picture.radiometry.celsius(float(each)) for each in picture.counts[0]]
    assert degrees == pytest.approx([26.85, 720.0], abs=0.05)


def test_flir_s_visible_picture_is_cropped_to_the_thermal_field(tmp_path, monkeypatch):
    optical = np.zeros((48, 64, 3), np.uint8)
    optical[12:36, 16:48] = (10, 90, 200)
    flyr(monkeypatch, np.full((24, 32), 300.0), optical, {"real_to_ir": 2.0})
    (tmp_path / "a.jpg").write_bytes(flir_jpeg())
    visible = visible_picture(read_stored_file(tmp_path / "a.jpg"), "a")
    assert visible.shape == (24, 32, 3)
    assert np.array_equal(visible, np.broadcast_to((200, 90, 10), (24, 32, 3)))


def test_luma_and_chroma_are_no_red_and_blue(tmp_path, monkeypatch):
    luma = ramp(np.uint8, 24, 32)
    optical = np.dstack([luma, np.full_like(luma, 128), np.full_like(luma, 128)])
    flyr(monkeypatch, np.full((24, 32), 300.0), optical)
    (tmp_path / "a.jpg").write_bytes(flir_jpeg())
    visible = visible_picture(read_stored_file(tmp_path / "a.jpg"), "a")
    assert np.array_equal(visible, np.repeat(luma[..., None], 3, axis=2))


def test_a_flir_still_without_a_record_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "flyr", None)
    (tmp_path / "a.jpg").write_bytes(flir_jpeg(record=False))
    with pytest.raises(PictureError, match="no radiometric record") as error:
        read_stored_file(tmp_path / "a.jpg")
    assert error.value.cause is Cause.NOT_RADIOMETRIC


@pytest.mark.parametrize(
    ("make", "shape"),
    [(dji, (512, 640)), (dji, (1024, 1280)), (hikmicro, (192, 256)), (hikmicro, (240, 320))],
)
def test_raw_counts_are_read_to_the_last_bit_and_have_no_degrees(tmp_path, make, shape):
    counts = np.random.default_rng(1).integers(0, 65536, shape, np.uint16)
    (tmp_path / "a.jpg").write_bytes(make(counts))
    picture = thermal_counts(read_stored_file(tmp_path / "a.jpg"), "a")
    assert np.array_equal(picture.counts, counts)
    assert picture.radiometry is None
    assert not picture.relative


def test_counts_of_another_layout_are_refused_with_what_to_do(tmp_path):
    (tmp_path / "a.jpg").write_bytes(dji(ramp(np.uint16, 300, 301)))
    with pytest.raises(PictureError, match="no sensor that is known: save it as TIFF"):
        read_stored_file(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes(hikmicro().replace(b"HDRI", b"XXXX"))
    with pytest.raises(PictureError, match="not laid out as published: export"):
        read_stored_file(tmp_path / "b.jpg")
