import pytest

from models.files import atomic_write


def test_the_file_of_before_stands_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "kept.json"
    path.write_text("before")
    with atomic_write(path) as partial:
        partial.write_text("half")
        assert path.read_text() == "before"
        partial.write_text("whole")
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_nothing_behind(tmp_path):
    path = tmp_path / "kept.json"
    path.write_text("before")

    def write_half() -> None:
        with atomic_write(path) as partial:
            partial.write_text("half")
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        write_half()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_not_written_takes_no_place(tmp_path):
    with pytest.raises(OSError, match="No such file"), atomic_write(tmp_path / "never"):
        pass
