"""Pictures meet their partners by name, whatever published way names them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.pictures import PictureError
from streamer.pictures.listing.names import Side, side_of, side_of_folder
from streamer.pictures.listing.pairing import pair
from streamer.pictures.listing.sources import PictureRef, pictures_at, sides_of
from streamer.pictures.stills import paired_with
from tests.support.pictures import flat, ramp, write

PATTERNS = (
    ("{}", "{}"),
    ("{}_vi", "{}_ir"),
    ("{}_co", "{}_ir"),
    ("RGB_{}", "T_{}"),
    ("RGB{}", "T{}"),
    ("VIS{}", "IR{}"),
    ("{}_visible", "{}_lwir"),
    ("FLIR_{}_RGB", "FLIR_{}"),
    ("DJI_{}_W", "DJI_{}_T"),
    ("IMG_{}", "img_{}"),
    ("20240101T101010_{}_rgb", "20240101T101010_{}_th"),
    ("k\u00fcche_{}", "ku\u0308che_{}"),  # one accent, written in two ways
)


def refs(stems: list[str]) -> list[PictureRef]:
    return [PictureRef(Path(f"/x/{stem}.png"), stem) for stem in stems]


@given(
    pattern=st.sampled_from(PATTERNS),
    numbers=st.sets(st.integers(0, 9999), min_size=1, max_size=12),
    missing=st.sets(st.sampled_from(range(12)), max_size=3),
    padding=st.sampled_from(((4, 4), (1, 1), (4, 6))),
)
def test_names_pair_what_belongs_together(pattern, numbers, missing, padding):
    ordered = sorted(numbers)
    visible = [n for i, n in enumerate(ordered) if i not in missing] or ordered
    stems = [
        [kind.format(str(n).zfill(width)) for n in side]
        for kind, side, width in zip(pattern, (visible, ordered), padding, strict=True)
    ]
    found = pair(refs(stems[0]), refs(stems[1]))
    assert found.by_name
    for slot in found.pairs:
        assert stems[0].index(slot.visible.stem) == visible.index(
            ordered[stems[1].index(slot.thermal.stem)]
        )
    assert len(found.pairs) == len(visible)
    assert found.losses.counts.get("no partner", 0) == len(ordered) - len(visible)
    assert [slot.thermal.stem for slot in found.slots] == stems[1]


def test_order_pairs_only_what_no_name_does_and_says_so():
    found = pair(refs(["a1", "a2"]), refs(["b7", "b9"]))
    assert not found.by_name
    assert "by their order" in found.words
    assert [(s.visible.stem, s.thermal.stem) for s in found.slots] == [("a1", "b7"), ("a2", "b9")]


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("visible", Side.VISIBLE),
        ("images_thermal_train", Side.THERMAL),
        ("RGB", Side.VISIBLE),
        ("LWIR", Side.THERMAL),
        ("infrared", Side.THERMAL),
        ("irises", None),
        ("t", None),
        ("train", None),
    ],
)
def test_a_folder_speaks_of_a_side_by_whole_words(name, side):
    assert side_of_folder(name) is side


def test_the_longest_word_of_a_name_counts():
    assert side_of("20200101T101010_rgb") is Side.VISIBLE
    assert side_of("20200101T101010_V") is Side.VISIBLE
    assert side_of("0001") is None


@pytest.mark.parametrize(
    "names",
    [("visible", "thermal"), ("VIS", "IR"), ("rgb", "lwir"), ("color", "infrared"), ("Vi", "Ir")],
)
@pytest.mark.parametrize("nested", [False, True])
def test_two_folders_of_a_folder_are_its_sides(tmp_path, names, nested):
    for name in names:
        write(tmp_path / ("set" if nested else "") / name / "0.png", flat(1))
    sides = sides_of(tmp_path)
    assert [sides[side].name for side in Side] == list(names)


def test_one_folder_holds_both_sides(tmp_path):
    for index in range(3):
        write(tmp_path / f"{index}_co.png", flat(index))
        write(tmp_path / f"{index}_ir.png", ramp())
    assert set(sides_of(tmp_path).values()) == {tmp_path}
    for side, word in zip(Side, ("co", "ir"), strict=True):
        assert [each.stem for each in pictures_at(tmp_path, side)] == [
            f"{index}_{word}" for index in range(3)
        ]


def test_what_may_be_meant_twice_is_named(tmp_path):
    for name in ("rgb", "color", "thermal"):
        write(tmp_path / "a" / name / "0.png", flat(1))
    with pytest.raises(PictureError, match="color, rgb may all be visible"):
        sides_of(tmp_path / "a")
    for part in ("train", "val"):
        for name in ("visible", "thermal"):
            write(tmp_path / "b" / part / name / "0.png", flat(1))
    with pytest.raises(PictureError, match=r"several sets in it \(train, val\)"):
        sides_of(tmp_path / "b")
    write(tmp_path / "c" / "7.png", flat(1))
    write(tmp_path / "c" / "7.jpg", flat(1))
    with pytest.raises(PictureError, match=r"7\.png: 7\.jpg has the same stem|7\.jpg: 7\.png"):
        pictures_at(tmp_path / "c")


def test_hidden_files_are_no_pictures_and_nested_ones_are(tmp_path):
    write(tmp_path / "train" / "1.png", flat(1))
    (tmp_path / "train" / "._1.png").write_bytes(b"of another system")
    assert [each.stem for each in pictures_at(tmp_path)] == ["train/1"]
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").touch()
    with pytest.raises(PictureError, match=r"no picture in it .*found notes\.txt"):
        pictures_at(tmp_path / "empty")


def test_two_rates_that_fit_the_numbers_are_two_series(tmp_path):
    for index in range(30):
        write(tmp_path / "visible" / f"{index}.png", flat(index, 4, 4))
    for index in range(9):
        write(tmp_path / "thermal" / f"{index}.png", flat(index, 4, 4))
    own = pictures_at(tmp_path / "thermal")
    partner = tmp_path / "visible"
    assert paired_with(own, Side.THERMAL, partner, (9.0, 30.0)) is None
    assert paired_with(own, Side.THERMAL, partner, (30.0, 30.0)) is not None
