"""`import` of what people have: pairs by name, every layout, losses said, nothing half-made."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import tifffile
import typer
from typer.testing import CliRunner

from streamer.commands import recordings as recording_commands
from streamer.errors import CorefusionError
from streamer.messages import Frame, Radiometry
from streamer.recording import RecordingReader
from streamer.thermal.readings import extremes
from streamer.thermal.validity import count_invalid
from tests.support.paths import DATA
from tests.support.pictures import (
    coloured,
    dated,
    exif,
    flat,
    flir_jpeg,
    jpeg,
    png_with,
    ramp,
    segment,
    write,
)

RADIOMETRIC = DATA / "radiometric"
GAIN = ("--set", "capture.thermal.gain_k=0.01")

app = typer.Typer()
recording_commands.register(app)


@pytest.fixture
def imported(tmp_path):
    """Imports sources; the recording's frames by stream, and the last line."""

    def run(*arguments: object) -> tuple[dict[str, list[Frame]], str]:
        output = tmp_path / "out" / "a.mcap"
        output.parent.mkdir(exist_ok=True)
        words = ["import", *map(str, arguments), "--output", str(output)]
        done = CliRunner().invoke(app, words)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            assert not list(output.parent.iterdir()), "half-made"
            raise done.exception
        assert done.exit_code == 0, done.output
        frames: dict[str, list[Frame]] = {}
        for recorded in RecordingReader(output).read():
            if isinstance(recorded.message, Frame):
                frames.setdefault(recorded.message.stream, []).append(recorded.message)
        return frames, done.stdout.strip().splitlines()[-1].removeprefix(f"{output}: ")

    return run


def pair_folder(root: Path, visible: str = "visible", thermal: str = "thermal", n: int = 6) -> Path:
    for index in range(n):
        write(root / visible / f"{index:03}.png", flat(20 * index))
        write(root / thermal / f"{index:03}.png", ramp(low=29000 + index))
    return root


def levels(frames: list[Frame]) -> dict[int, float]:
    return {frame.sequence: float(frame.pixels.mean()) for frame in frames}


def test_a_missing_partner_leaves_a_gap_and_is_named(tmp_path, imported, caplog):
    root = pair_folder(tmp_path / "data")
    (root / "visible" / "002.png").unlink()
    for sources in ([root], [root / "visible", root / "thermal"]):
        frames, line = imported(*sources)
        assert levels(frames["visible"]) == {i: 20.0 * i for i in (0, 1, 3, 4, 5)}
        assert [frame.pixels[0, 0] - 29000 for frame in frames["thermal"]] == list(range(6))
        assert [bool(f.metadata.get("no_partner")) for f in frames["thermal"]] == [
            index == 2 for index in range(6)
        ]
        assert line == "6 thermal, 5 visible, 1 left out: 002 has no partner"
        (tmp_path / "out" / "a.mcap").unlink()
    assert caplog.text.count("002 has no visible partner") == 2


@pytest.mark.parametrize(
    ("visible", "thermal"),
    [("vis", "ir"), ("RGB", "T_lwir"), ("color/train", "infrared/train"), ("VI", "IR")],
)
def test_every_layout_of_two_folders(tmp_path, imported, visible, thermal):
    frames, line = imported(pair_folder(tmp_path / "data", visible, thermal))
    assert line == "6 thermal, 6 visible"
    assert levels(frames["visible"]) == {i: 20.0 * i for i in range(6)}


def test_one_folder_of_both_and_names_that_begin_with_a_dot(tmp_path, imported):
    for index in range(3):
        write(tmp_path / "d" / f"FLIR_{index:05}_RGB.png", flat(20 * index))
        write(tmp_path / "d" / f"FLIR_{index:05}.png", ramp(low=29000 + index))
        (tmp_path / "d" / f"._FLIR_{index:05}.png").write_bytes(b"of another system")
    frames, line = imported(tmp_path / "d")
    assert line == "3 thermal, 3 visible"
    assert levels(frames["visible"]) == {i: 20.0 * i for i in range(3)}


def test_names_that_do_not_match_pair_by_order_and_say_so(tmp_path, imported, caplog):
    for index in range(3):
        write(tmp_path / "visible" / f"a{index}x.png", flat(20 * index))
        write(tmp_path / "thermal" / f"b{index + 7}y.png", ramp(low=29000 + index))
    frames, _ = imported(tmp_path / "visible", tmp_path / "thermal")
    assert len(frames["thermal"]) == 3
    assert "no names match, so they are paired by their order" in caplog.text


def test_false_colours_are_named_and_have_no_degrees(tmp_path, imported, caplog):
    root = pair_folder(tmp_path / "data")
    for path in (root / "thermal").iterdir():
        write(path, coloured())
    frames, _ = imported(root)
    assert "in colour: its brightness is shown, which is no temperature" in caplog.text
    assert all(frame.radiometry is None for frame in frames["thermal"])
    (tmp_path / "out" / "a.mcap").unlink()
    with pytest.raises(CorefusionError, match="its counts are lost, and no degrees come of it"):
        imported(root, *GAIN)


def test_pictures_of_other_sizes_are_all_there(tmp_path, imported):
    for index, (height, width) in enumerate(((48, 64), (48, 72), (56, 64))):
        write(tmp_path / "visible" / f"{index}.png", flat(9, height, width))
        write(tmp_path / "thermal" / f"{index}.png", ramp(height=height, width=width))
    frames, line = imported(tmp_path)
    assert line == "3 thermal, 3 visible"
    assert [f.pixels.shape for f in frames["thermal"]] == [(48, 64), (48, 72), (56, 64)]


def test_the_deeper_kind_wins_and_the_other_is_counted(tmp_path, imported):
    root = pair_folder(tmp_path / "data", n=12)
    write(root / "thermal" / "000.png", ramp(np.uint8))
    frames, line = imported(root)
    assert line == "11 thermal, 12 visible, 1 left out: 000: another depth"
    assert [frame.sequence for frame in frames["thermal"]] == list(range(1, 12))
    told = json.loads(
        CliRunner().invoke(app, ["info", str(tmp_path / "out" / "a.mcap"), "--json"]).stdout
    )
    assert told["left_out"] == {"another depth": 1}


def test_more_than_a_tenth_lost_is_a_failure_without_a_file(tmp_path, imported):
    root = pair_folder(tmp_path / "data", n=12)
    for index in (3, 7):
        (root / "thermal" / f"{index:03}.png").write_bytes(b"cut")
    with pytest.raises(CorefusionError, match="2 of 12 thermal pictures are lost, so nothing"):
        imported(root)
    write(root / "thermal" / "003.png", ramp())
    _, line = imported(root)
    assert line == "11 thermal, 12 visible, 1 left out: 007: undecodable"


def test_a_guide_that_was_lost_is_not_replaced_by_another(tmp_path, imported):
    root = pair_folder(tmp_path / "data", n=12)
    (root / "visible" / "005.png").write_bytes(b"cut")
    frames, line = imported(root)
    assert line == "12 thermal, 11 visible, 1 left out: 005: undecodable"
    assert [bool(frame.metadata.get("no_partner")) for frame in frames["thermal"]] == [
        index == 5 for index in range(12)
    ]


def test_an_import_tells_programs_what_it_left_out(tmp_path):
    root = pair_folder(tmp_path / "data")
    (root / "visible" / "002.png").unlink()
    output = tmp_path / "a.mcap"
    done = CliRunner().invoke(app, ["import", str(root), "--output", str(output), "--json"])
    assert json.loads(done.stdout) == {
        "file": str(output),
        "frames": {"visible": 5, "thermal": 6},
        "left_out": {"no partner": 1},
    }


def test_our_own_tiff_comes_back_with_its_degrees(tmp_path, imported):
    root = pair_folder(tmp_path / "data", n=5)
    first, _ = imported(root, "--set", "capture.thermal.gain_k=0.04")
    whole = tmp_path / "out" / "a.mcap"
    for name in ("stack.tif", "folder"):
        words = ["export", whole, "--to", "tiff", "--stream", "thermal", "--output"]
        done = CliRunner().invoke(app, [*map(str, words), str(tmp_path / name)])
        assert done.exit_code == 0, done.output
    whole.unlink()
    for name in ("stack.tif", "folder"):
        again, line = imported(tmp_path / name)
        assert line == "5 thermal"
        for one, other in zip(first["thermal"], again["thermal"], strict=True):
            assert np.array_equal(one.pixels, other.pixels)
            assert other.radiometry == Radiometry(0.04, 0.0)
        whole.unlink()


def test_floating_degrees_become_counts_with_degrees(tmp_path, imported):
    celsius = np.full((24, 32), 21.5, np.float32)
    celsius[4:9, 4:9], celsius[0, 0] = 36.6, np.nan
    for index in range(2):
        write(tmp_path / "visible" / f"{index}.png", flat(9))
        (tmp_path / "thermal").mkdir(exist_ok=True)
        tifffile.imwrite(tmp_path / "thermal" / f"{index}.tif", celsius)
    frames, _ = imported(tmp_path)
    for frame in frames["thermal"]:
        found = extremes(frame.pixels, frame.radiometry)
        ends = [frame.radiometry.celsius(each.counts) for each in (found.coldest, found.hottest)]
        assert ends == pytest.approx([21.5, 36.6], abs=0.005)
        assert count_invalid(frame.pixels) == 1


def test_both_halves_stand_upright(tmp_path, imported):
    (tmp_path / "visible").mkdir()
    turned = jpeg(segment(0xE1, b"Exif\0\0" + exif(6)), pixels=flat(9, 64, 48))
    (tmp_path / "visible" / "0.jpg").write_bytes(turned)
    write(tmp_path / "thermal" / "0.png", ramp())
    frames, _ = imported(tmp_path)
    assert frames["visible"][0].pixels.shape == (48, 64, 3)


def test_shapes_that_cannot_fit_are_warned_of_once(tmp_path, imported, caplog):
    for index in range(3):
        write(tmp_path / "visible" / f"{index}.png", flat(9, 72, 128))
        write(tmp_path / "thermal" / f"{index}.png", ramp())
    imported(tmp_path)
    assert caplog.text.count("they differ in shape") == 1
    assert "128x72" in caplog.text
    assert "32x24" in caplog.text


@pytest.mark.parametrize("kind", ["names", "contents"])
def test_visible_and_thermal_in_the_wrong_order_are_recognised(tmp_path, imported, kind):
    names = ("visible", "thermal") if kind == "names" else ("a", "b")
    for index in range(2):
        write(tmp_path / names[0] / f"{index}.png", coloured())
        write(tmp_path / names[1] / f"{index}.png", ramp(np.uint8))
    with pytest.raises(CorefusionError, match=r"the other way round|are they exchanged\?"):
        imported(tmp_path / names[1], tmp_path / names[0])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("rtsp://10.0.0.1/stream", "is a network address"),
        ("/dev/null", "is a device, pipe or socket"),
        ("gone", "gone does not exist"),
    ],
)
def test_what_is_no_file_is_said_to_be_what_it_is(tmp_path, imported, source, words):
    with pytest.raises(CorefusionError, match=words):
        imported(source, write(tmp_path / "t.png", ramp()))


def test_ordinary_photographs_are_no_radiometric_stills(tmp_path, imported):
    maker = segment(0xE1, b"Exif\0\0" + exif(make=b"FLIR\0"))
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.jpg").write_bytes(jpeg(maker))
    (tmp_path / "d" / "plain.jpg").write_bytes(jpeg())
    for sources in ([tmp_path / "d"], sorted((tmp_path / "d").iterdir())):
        with pytest.raises(
            CorefusionError, match=r"a\.jpg: no radiometric data in it.* plain\.jpg: an ordinary"
        ):
            imported(*sources)


def test_photographs_alone_are_no_thermal_source(tmp_path, imported):
    for index in range(3):
        write(tmp_path / "d" / f"{index}.png", coloured())
    with pytest.raises(CorefusionError, match=r"0\.png is a picture in colour, and a thermal"):
        imported(tmp_path / "d")
    frames, _ = imported("none", tmp_path / "d")
    assert len(frames["thermal"]) == 3


def stills(monkeypatch, folder: Path, count: int, bad: tuple[int, ...] = ()) -> Path:
    """FLIR stills, and a flyr that reads them."""
    folder.mkdir()
    for index in range(count):
        (folder / f"{index:03}.jpg").write_bytes(flir_jpeg(record=index not in bad))

    def unpack(path: str) -> SimpleNamespace:
        index = int(Path(path).stem)
        if index in bad:
            raise ValueError("nothing in it")
        size = (24, 32) if index % 2 else (60, 80)
        optical = np.full((48, 64, 3), index, np.uint8)
        return SimpleNamespace(kelvin=np.full(size, 300.0 + index), optical=optical, metadata={})

    monkeypatch.setitem(sys.modules, "flyr", SimpleNamespace(unpack=unpack))
    return folder


def test_one_bad_still_does_not_throw_away_the_rest(tmp_path, imported, monkeypatch):
    frames, line = imported(stills(monkeypatch, tmp_path / "d", 20, bad=(4,)))
    assert line.startswith("19 thermal, 19 visible, ")
    assert "004: not radiometric" in line
    kelvin = [frame.radiometry.kelvin(float(frame.pixels[0, 0])) for frame in frames["thermal"]]
    assert kelvin == pytest.approx([300.0 + i for i in range(20) if i != 4])
    assert {frame.pixels.shape for frame in frames["thermal"]} == {(60, 80), (24, 32)}
    assert [frame.pixels[0, 0, 0] for frame in frames["visible"]] == [
        i for i in range(20) if i != 4
    ]


def test_a_photograph_among_stills_is_left_out_by_name(tmp_path, imported, monkeypatch):
    folder = stills(monkeypatch, tmp_path / "d", 12)
    (folder / "plain.jpg").write_bytes(jpeg())
    _, line = imported(folder)
    assert line == "12 thermal, 12 visible, 1 left out: plain: not radiometric"
    (tmp_path / "out" / "a.mcap").unlink()
    bad = stills(monkeypatch, tmp_path / "e", 4, bad=(0, 1))
    with pytest.raises(CorefusionError, match=r"000\.jpg: no radiometric record"):
        imported(bad)


@pytest.mark.skipif(
    not RADIOMETRIC.is_dir(), reason="the radiometric stills are not on this machine"
)
def test_stills_and_counts_of_several_cameras_in_one_folder(imported):
    pytest.importorskip("flyr")
    frames, line = imported(RADIOMETRIC)
    assert line == "3 thermal, 2 visible, 1 left out: boson_640x512_uint16: no visible inside"
    assert [frame.radiometry is None for frame in frames["thermal"]] == [False, True, False]
    assert frames["thermal"][1].pixels.max() == 7077


def test_a_video_that_was_cut_off_is_no_success(tmp_path, imported):
    path = tmp_path / "t.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for index in range(40):
        writer.write(flat(4 * index))
    writer.release()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(CorefusionError, match="thermal pictures are lost, so nothing is written"):
        imported("none", path)


def test_a_folder_of_pictures_above_their_heat_gives_the_heat(tmp_path, imported, caplog):
    luma = 128 * 256 + ramp(np.uint16, 24, 32) % 40
    for index in range(4):
        heat = np.full((24, 32), 19000 + 10 * index, np.uint16)
        write(tmp_path / "double" / f"{index:03}.png", np.vstack([luma, heat]))
    frames, last = imported(tmp_path / "double", *GAIN)
    assert last == "4 thermal"
    assert [frame.pixels.shape for frame in frames["thermal"]] == [(24, 32)] * 4
    assert [int(frame.pixels.max()) for frame in frames["thermal"]] == [19000, 19010, 19020, 19030]
    assert caplog.text.count("above each other") == 1


def test_an_import_has_the_time_of_day_of_its_first_picture(tmp_path, imported):
    for index in range(2):
        block = dated(f"2023:05:04 10:11:1{index}", offset="+02:00")
        data = png_with(ramp(np.uint16, 24, 32, low=index), b"eXIf", block)
        (tmp_path / "stills").mkdir(exist_ok=True)
        (tmp_path / "stills" / f"{index}.png").write_bytes(data)
    frames, last = imported(tmp_path / "stills")
    assert last == "2 thermal"
    info = RecordingReader(tmp_path / "out" / "a.mcap").info
    assert info.wall_offset_ns == 1_683_187_870 * 10**9
    assert "when the first picture was taken" in info.note
    taken = [frame.metadata["taken"] for frame in frames["thermal"]]
    assert taken == ["2023-05-04T10:11:10+02:00", "2023-05-04T10:11:11+02:00"]
