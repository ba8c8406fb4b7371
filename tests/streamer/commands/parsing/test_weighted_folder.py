from pathlib import Path

import pytest
import typer

from streamer.commands.parsing.weighted_folder import WeightedFolder, weighted_folder


@pytest.mark.parametrize(
    ("text", "path", "weight"),
    [
        ("D/clips", "D/clips", 1.0),
        ("D/clips=0.5", "D/clips", 0.5),
        ("D/clips=2e1", "D/clips", 20.0),
        ("D/run=a", "D/run=a", 1.0),
        ("D/run=a=3", "D/run=a", 3.0),
        ("=3", "=3", 1.0),
        ("D/x=", "D/x=", 1.0),
    ],
)
def test_what_follows_the_last_sign_is_a_weight_if_it_is_a_number(text, path, weight):
    assert weighted_folder(text) == WeightedFolder(Path(path), weight)


def test_a_folder_of_that_name_is_itself(tmp_path):
    folder = tmp_path / "run=2"
    folder.mkdir()
    assert weighted_folder(str(folder)) == WeightedFolder(folder)
    assert weighted_folder(f"{folder}=0.5") == WeightedFolder(folder, 0.5)


@pytest.mark.parametrize("number", ["0", "-1", "nan", "inf"])
def test_a_weight_that_draws_nothing(number):
    with pytest.raises(
        typer.BadParameter, match="D: wanted a finite weight above 0, got " + number
    ):
        weighted_folder(f"D={number}")
