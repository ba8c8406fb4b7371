import numpy as np
import pytest

from streamer.thermal import palettes
from streamer.thermal.palette_file import PaletteError, known_palette, read_palette
from streamer.thermal.palettes import inverted, table, title

pytestmark = pytest.mark.usefixtures("own_palettes")


def test_an_own_palette_goes_through_its_colours_in_equal_steps(tmp_path):
    path = tmp_path / "own colours.csv"
    path.write_text("red,green,blue\n0,0,0   # cold\n\n0; 100; 200\n255 255 255\n")
    palette = read_palette(path)
    assert (palette.name, palette.title) == (str(path), "own colours")
    palettes.add(palette)
    colours = table(str(path))
    assert len(colours) == 256
    assert (colours[0], colours[-1]) == (0xFF000000, 0xFFFFFFFF)
    assert colours[127] & 0xFF == pytest.approx(200, abs=2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "2 to 4096 colours wanted, 0 came"),
        ("1,2,3\n", "2 to 4096 colours wanted, 1 came"),
        ("1,2,3\n4,5\n", "line 2: red, green, blue wanted, '4,5' came"),
        ("1,2,3\n4,5,256\n", "line 2: 0 to 255 wanted"),
        ("1,2,3\n4,5,-6\n", "line 2: red, green, blue wanted"),
        ("a,b,c\n0.5,0.5,0.5\n", "line 2: red, green, blue wanted"),
        ("1,2,3\n" * 5000, "2 to 4096 colours wanted, 5000 came"),
    ],
)
def test_what_is_no_palette_is_refused_in_a_sentence(tmp_path, text, words):
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(PaletteError, match=words) as refused:
        read_palette(path)
    assert len(str(refused.value).splitlines()) == 1


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(PaletteError, match="No such file"):
        read_palette(tmp_path / "x.csv")
    (tmp_path / "x.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PaletteError, match="lines of text wanted"):
        read_palette(tmp_path / "x.txt")
    with pytest.raises(PaletteError, match=r"in \.csv or \.txt wanted"):
        read_palette(tmp_path / "x.png")


def test_names_are_found_upright_and_inverted_built_in_and_of_a_file(tmp_path):
    assert np.array_equal(table("iron_r"), table("iron")[::-1])
    assert inverted(inverted("iron")) == "iron"
    assert title("white_hot_r") == "White hot, inverted"
    assert known_palette("viridis_r") == "viridis_r"
    path = tmp_path / "x.csv"
    path.write_text("0,0,0\n255,0,0\n")
    assert known_palette(str(path)) == str(path)
    assert table(str(path))[-1] == 0xFFFF0000
    with pytest.raises(PaletteError, match="a file or one of iron"):
        known_palette("viridian")
