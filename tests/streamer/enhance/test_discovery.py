"""What sources hold, and what is told of the rest."""

from pathlib import Path

import pytest

from streamer.enhance.discovery import Discovery
from streamer.enhance.items import Kind
from streamer.locks import hold
from tests.support.pictures import flat, ramp, write


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


@pytest.fixture
def look(tmp_path):
    """Looks through sources; items as (name, kind, file names), and refusals."""

    def run(*sources: object, output: Path = tmp_path / "out"):
        found = Discovery(output)
        found.look([str(each) for each in sources])
        items = [
            (item.name, item.kind, tuple(Path(each).name for each in item.sources))
            for item in found.items
        ]
        return items, [refused.why for refused in found.refused], found.losses.counts

    return run


def test_two_folders_are_pairs_by_name(tmp_path, look):
    for stem in ("a", "b"):
        write(tmp_path / "set" / "thermal" / f"{stem}.png", ramp())
    for stem in ("b", "c"):
        write(tmp_path / "set" / "visible" / f"{stem}.jpg", flat(90))
    items, refused, left_out = look(tmp_path / "set")
    assert items == [
        ("set/a", Kind.STILL, ("a.png",)),
        ("set/b", Kind.STILL, ("b.jpg", "b.png")),
    ]
    assert not refused
    assert left_out == {"no partner": 1}


def test_one_folder_of_both_sides_and_its_videos(tmp_path, look):
    for index in (1, 2):
        write(tmp_path / "set" / f"IR_{index}.png", ramp())
        write(tmp_path / "set" / f"RGB_{index}.png", flat(90))
    for name in ("visible.mp4", "thermal.mp4"):
        touch(tmp_path / "set" / name)
    items, refused, _ = look(tmp_path / "set")
    assert items == [
        ("set/thermal", Kind.VIDEO, ("visible.mp4", "thermal.mp4")),
        ("set/IR_1", Kind.STILL, ("RGB_1.png", "IR_1.png")),
        ("set/IR_2", Kind.STILL, ("RGB_2.png", "IR_2.png")),
    ]
    assert not refused


def test_segments_are_one_recording_and_other_files_many(tmp_path, look):
    for index in (0, 1):
        touch(tmp_path / "day" / f"day_{index:04}.mcap")
        touch(tmp_path / "all" / f"run-{index}.mcap")
    items, refused, _ = look(tmp_path / "day", tmp_path / "all")
    assert items == [
        ("day", Kind.RECORDING, ("day",)),
        ("all/run-0", Kind.RECORDING, ("run-0.mcap",)),
        ("all/run-1", Kind.RECORDING, ("run-1.mcap",)),
    ]
    assert not refused


def test_folders_below_are_looked_through_once(tmp_path, look):
    touch(tmp_path / "all" / "deep" / "a.mcap")
    (tmp_path / "all" / "deep" / "back").symlink_to(tmp_path / "all")
    assert look(tmp_path / "all")[0] == [("all/deep/a", Kind.RECORDING, ("a.mcap",))]


def test_an_8_bit_preview_is_left_out_beside_counts(tmp_path, look):
    write(tmp_path / "set" / "a.tiff", ramp())
    write(tmp_path / "set" / "b.png", ramp().astype("uint8"))
    items, _, left_out = look(tmp_path / "set")
    assert [name for name, _, _ in items] == ["set/a"]
    assert left_out == {"another depth": 1}


def test_what_is_no_item_is_told_and_the_rest_goes_on(tmp_path, look):
    good = touch(tmp_path / "a.mcap")
    touch(tmp_path / "b" / "a.mcap")
    with touch(tmp_path / "c.mcap.part").open("rb") as written:
        hold(written.fileno())
        sources = (
            *(good, tmp_path / "missing", tmp_path / "*.nothing", touch(tmp_path / "a.txt")),
            *(tmp_path / "b" / "a.mcap", tmp_path / "c.mcap.part"),
        )
        items, refused, _ = look(*sources)
    assert items == [("a", Kind.RECORDING, ("a.mcap",))]
    assert refused == [
        "it does not exist",
        "no file matches it",
        "no picture, video or recording by its name",
        "it is still being written",
        f"a in the output is made of {good} already",
    ]


def test_an_output_inside_its_source_is_refused(tmp_path, look):
    touch(tmp_path / "all" / "a.mcap")
    out = tmp_path / "all" / "out"
    items, refused, _ = look(tmp_path / "all", touch(out / "b.mcap"), output=out)
    assert items == []
    assert refused == [
        f"the output {out} lies in it; name one outside",
        f"it lies in the output {out}",
    ]
