"""What the output folder remembers, and whose it is."""

import os
from pathlib import Path

import pytest

from streamer.enhance.items import EnhanceError, Item, Kind, Outcome, Residual, Target
from streamer.enhance.output import WORK, OutputFolder
from streamer.enhance.source_digest import digest_of, stamp_of


@pytest.fixture
def item(tmp_path):
    source = tmp_path / "a.mcap"
    source.write_bytes(b"recorded")
    return Item((str(source),), Kind.RECORDING, "set/a", 8)


def make(folder: OutputFolder, item: Item, options: str = "o", content: bytes = b"made") -> None:
    """As a run makes it."""
    folder.begin(item, None)
    path = folder.path / f"{item.name}.mcap"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    outcome = Outcome(
        frames=3,
        modes={"guided": 3},
        residual=Residual(1.0, None),
        source_sha256=digest_of(item.sources),
        stamp=stamp_of(item.sources),
        seconds=1.5,
    )
    folder.end(item, options, None, outcome)


def done(out: Path, item: Item, options: str = "o", target: Target | None = None) -> bool:
    with OutputFolder(out) as folder:
        return folder.done(item, options, target) is not None


def test_what_was_made_is_done_until_something_it_depends_on_changes(tmp_path, item):
    out = tmp_path / "out"
    assert not done(out, item)
    with OutputFolder(out) as folder:
        make(folder, item)
    assert done(out, item)
    assert not done(out, item, options="others")
    assert not done(out, item, target=Target.mp4)
    source = Path(item.sources[0])
    os.utime(source, (1, 1))  # copied: the same content of another time
    assert done(out, item)
    source.write_bytes(b"recoded!")
    assert not done(out, item)


def test_an_output_that_was_removed_or_cut_is_made_again(tmp_path, item):
    out = tmp_path / "out"
    for damage in (lambda path: path.unlink(), lambda path: path.write_bytes(b"m")):
        with OutputFolder(out) as folder:
            make(folder, item)
        damage(out / "set" / "a.mcap")
        assert not done(out, item)


def test_a_run_that_is_killed_leaves_what_it_noted(tmp_path, item):
    out = tmp_path / "out"
    first = OutputFolder(out)
    make(first, item)
    (first.parts / "half").mkdir()
    journal = out / WORK / "journal.jsonl"
    noted = journal.read_bytes()
    first._journal.close()  # as the kernel does, and the lock
    os.close(first._lock)
    journal.write_bytes(noted + b'{"name":"b","outp')
    again = OutputFolder(out)
    assert again.done(item, "o", None) is not None
    assert not list(again.parts.iterdir())
    other = Item(item.sources, Kind.RECORDING, "set/b", 8)
    make(again, other)
    again._journal.close()
    os.close(again._lock)
    assert done(out, other)


def test_two_runs_do_not_share_a_folder(tmp_path):
    in_use = pytest.raises(EnhanceError, match=r"in use by another run \(its lock is .*lock")
    with OutputFolder(tmp_path / "out"), in_use:
        OutputFolder(tmp_path / "out")
    OutputFolder(tmp_path / "out").close()


def test_a_file_of_somebody_else_is_never_written_over(tmp_path, item):
    out = tmp_path / "out"
    (out / "set").mkdir(parents=True)
    (out / "set" / "a.mcap").write_bytes(b"theirs")
    with OutputFolder(out) as folder, pytest.raises(EnhanceError, match="not made by this"):
        folder.begin(item, None)


def test_what_was_begun_or_made_as_another_kind_is_ours(tmp_path, item):
    out = tmp_path / "out"
    with OutputFolder(out) as folder:
        make(folder, item)
        folder.begin(item, Target.mp4)
    with OutputFolder(out) as folder:
        folder.begin(item, None)


def test_the_journal_is_the_same_whatever_the_order_and_the_time(tmp_path, item):
    other = Item(item.sources, Kind.RECORDING, "set/b", 8)
    journals = []
    for name, order in (("one", (item, other)), ("two", (other, item))):
        with OutputFolder(tmp_path / name) as folder:
            for each in order:
                make(folder, each)
        journals.append((tmp_path / name / WORK / "journal.jsonl").read_bytes())
    assert journals[0] == journals[1]
