"""A long recording in pieces: put together it is to the byte what it is in one."""

import threading
import time
from pathlib import Path

import msgspec
import psutil
import pytest

from streamer.config.loading import changed_config, load_config
from streamer.config.schema import Config
from streamer.enhance.discovery import Discovery
from streamer.enhance.engines.local import LocalPool
from streamer.enhance.items import EnhanceOptions, Item, Kind, Outcome, Piece, Target
from streamer.enhance.making.item import enhance_item
from streamer.enhance.making.pieces import pieces_of
from streamer.enhance.output import OutputFolder
from streamer.enhance.report import EnhanceReport
from streamer.enhance.run import enhance
from streamer.pictures.readings.pixel_band import WINDOW
from tests.streamer.enhance.test_run import Watcher
from tests.support.fake_session import DEADLINE_S
from tests.support.made_in_place import made_in_place
from tests.support.paths import WEIGHTS
from tests.support.steady_recording import INFO, steady_recording
from tests.support.stuck_pixel import panned

# A precision is named: where no choice can be remembered, each process makes its own.
NAMED = (
    *("inference.model=bilinear", "inference.precision=f32", "inference.threads=1"),
    *("inference.canvas_width=64", "inference.canvas_height=48"),
)
CONFIG = load_config(None, NAMED)


class Maker:
    """Makes an item whole, or in pieces one after another, in this process."""

    def __init__(self, folder: Path) -> None:
        self.out, self.parts = folder / "out", folder / "parts"

    def __call__(
        self,
        source: Path,
        count: int = 1,
        model: str = "bilinear",
        target: Target | None = None,
        *,
        align: bool = False,
    ) -> tuple[Outcome, bytes]:
        name = f"{Path(model).stem}-{count}"
        options = EnhanceOptions(config=CONFIG, model=model, target=target, align=align)
        whole = Item((str(source),), Kind.RECORDING, name)
        work = [whole]
        if count > 1:
            pieces = [Piece(number, count) for number in reversed(range(count))]
            work = [msgspec.structs.replace(whole, piece=piece) for piece in pieces]
            work.append(msgspec.structs.replace(whole, joined=count))
        for number, item in enumerate(work):
            own = self.parts / f"{name}-{number}"
            own.mkdir(parents=True)
            outcome = enhance_item(item, options, self.out, own, lambda share: None)
            assert list(own.iterdir()) == []
            own.rmdir()
        assert list(self.parts.iterdir()) == []  # no piece is left
        made = self.out / whole.outputs(target)[0]
        return msgspec.structs.replace(outcome, seconds=0.0), made.read_bytes()


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second and a half; from 1 s on no visible frames come."""
    return steady_recording(tmp_path_factory.mktemp("pieces") / "s.mcap", 1.5)


def test_pieces_are_to_the_byte_what_is_made_in_one(make: Maker, tmp_path: Path) -> None:
    """Cut in the middle of the visible camera's silence, and in that of its process's death."""
    source = steady_recording(tmp_path / "s.mcap", 2.4, dropout_s=(0.7, 1.2), death_s=(1.8, 2.1))
    whole, bytes_of_whole = make(source)
    cut, bytes_of_cut = make(source, 5)
    assert cut == whole
    assert bytes_of_cut == bytes_of_whole
    assert whole.modes.keys() == {"guided", "thermal_only"}


def test_so_they_are_of_a_network(make: Maker, source: Path) -> None:
    assert make(source, 2, str(WEIGHTS)) == make(source, 1, str(WEIGHTS))


def test_each_piece_lines_guides_up_alike(make: Maker, source: Path) -> None:
    whole, in_pieces = make(source, align=True), make(source, 3, align=True)
    assert whole[0].align is not None
    assert in_pieces == whole


def test_exports_are_the_same_as_well(make: Maker, source: Path) -> None:
    assert make(source, 3, target=Target.csv) == make(source, target=Target.csv)


def test_pixels_found_bad_in_one_piece_are_known_in_the_next(
    make: Maker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = panned(tmp_path / "stuck.mcap", INFO, frames=2 * WINDOW + 60)
    whole, bytes_of_whole = make(source)
    assert "pixels of the thermal camera are stuck" in caplog.text
    assert make(source, 3) == (whole, bytes_of_whole)


def test_what_depends_on_the_pictures_before_is_made_in_one(tmp_path: Path, source: Path) -> None:
    item = Item((str(source),), Kind.RECORDING, "made", piece=Piece(1, 2))
    options = EnhanceOptions(config=CONFIG, model="fast:video")
    own = tmp_path / "parts" / "own"
    own.mkdir(parents=True)
    outcome = enhance_item(item, options, tmp_path / "out", own, lambda share: None)
    assert outcome.uncut
    assert list(tmp_path.rglob("*.messages")) == []


@pytest.mark.parametrize(
    ("size", "total", "workers", "kind", "count"),
    [
        (1000, 1000, 2, Kind.RECORDING, 2),
        (1000, 1000, 1, Kind.RECORDING, 1),
        (1000, 1000, 8, Kind.RECORDING, 8),
        (1000, 1000, 100, Kind.RECORDING, 10),  # of 100 bytes at least
        (1000, 1000, 8, Kind.VIDEO, 1),
        (1000, 5000, 4, Kind.RECORDING, 1),  # the others have enough to do
        (3000, 5000, 4, Kind.RECORDING, 3),
        (150, 150, 8, Kind.RECORDING, 2),
        (90, 90, 8, Kind.RECORDING, 1),
    ],
)
def test_only_what_is_long_is_cut(
    size: int, total: int, workers: int, kind: Kind, count: int
) -> None:
    item = Item(("s",), kind, "s", size)
    pieces = pieces_of(item, total, workers, 100)
    assert len(pieces) == count
    if count > 1:
        assert [one.piece for one in pieces] == [Piece(n, count) for n in range(count)]
    else:
        assert pieces == (item,)


def test_every_moment_is_in_one_piece() -> None:
    piece = Piece(0, 3)
    numbers = [piece.of(share / 100) for share in range(-2, 110)]
    assert numbers == sorted(numbers)
    assert set(numbers) == {0, 1, 2}


def _run(source: Path, out: Path, model: str, *, workers: int, kills: int = 0) -> EnhanceReport:
    """Makes it with worker processes, in a piece for each, and kills some at their work."""
    config: Config = changed_config(CONFIG, [f"inference.model={model}"])
    found = Discovery(out)
    found.items.append(Item((str(source),), Kind.RECORDING, "made", source.stat().st_size))
    done = threading.Event()

    def kill() -> None:
        deadline = time.monotonic() + DEADLINE_S
        for _ in range(kills):
            while not done.is_set() and time.monotonic() < deadline:
                begun = list(out.glob(".enhance/parts/*/*.messages"))
                if any(file.stat().st_size > 20_000 for file in begun if file.exists()):
                    break
                time.sleep(0.002)
            for child in psutil.Process().children():
                if any(str(out) in one.path for one in child.open_files()):
                    child.kill()
                    break

    with OutputFolder(out) as folder:
        killer = threading.Thread(target=kill)
        killer.start()
        report = enhance(
            found,
            EnhanceOptions(config=config, model=model),
            "w",
            folder,
            lambda items: LocalPool(workers, folder.path, folder.parts),
            Watcher(),
            least_bytes=1,
        )
        done.set()
        killer.join()
    return report


def test_a_worker_that_is_killed_in_a_piece_changes_nothing(tmp_path: Path, source: Path) -> None:
    whole = _run(source, tmp_path / "whole", "bilinear", workers=1)
    cut = _run(source, tmp_path / "cut", "bilinear", workers=2, kills=1)
    assert (whole.done, cut.done) == (1, 1)
    assert cut.retried == 1
    assert (tmp_path / "cut/made.mcap").read_bytes() == (tmp_path / "whole/made.mcap").read_bytes()
    one, other = (msgspec.structs.replace(report.items[0], seconds=0.0) for report in (whole, cut))
    assert one == other
    assert not list(tmp_path.rglob("*.messages"))


def test_pieces_that_cannot_be_are_made_in_one(tmp_path: Path, source: Path) -> None:
    short = steady_recording(tmp_path / "short.mcap", 0.3, faults=False)
    made_in_place(short, tmp_path, NAMED, model="fast:video")
    cut = _run(short, tmp_path / "cut", "fast:video", workers=2)
    assert cut.done == 1
    assert (tmp_path / "cut/made.mcap").read_bytes() == (tmp_path / "out/made.mcap").read_bytes()
