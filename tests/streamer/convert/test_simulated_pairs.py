import pytest

from models.data.dataset import find_pairs, read_pair
from streamer.convert.simulated_pairs import SimulationError, write_pairs


def test_pairs_are_a_data_folder(tmp_path):
    told = []
    output = tmp_path / "new" / "pairs"
    write_pairs(output, 3, 5, ("day", "smoke"), lambda done, total: told.append((done, total)))
    pairs = find_pairs(output)
    names = [pair.name for pair in pairs]
    assert names == ["0000_street_day", "0001_street_smoke", "0002_street_day"]
    assert read_pair(pairs[0]).thermal.shape == (480, 640)
    about = (output / "README.txt").read_text(encoding="utf-8")
    assert "corefusion simulate --count 3 --seed 5 --scene day --scene smoke\n" in about
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SimulationError, match="exists already; a new folder wanted"):
        write_pairs(tmp_path, 1, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_what_was_broken_off_leaves_nothing(tmp_path):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pairs(tmp_path / "pairs", 2, 1, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SimulationError, match="file/pairs: Not a directory"):
        write_pairs(tmp_path / "file" / "pairs", 1, 1)
