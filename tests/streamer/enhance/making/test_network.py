"""`auto` is chosen once, whatever each process would choose by itself."""

from collections.abc import Iterator
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

from models.engines import selection
from models.engines.spec import Precision
from streamer.config.loading import changed_config
from streamer.config.schema import Config, InferenceConfig
from streamer.enhance.discovery import Discovery
from streamer.enhance.items import EnhanceOptions, Item, Kind, Outcome
from streamer.enhance.making.item import enhance_item
from streamer.enhance.making.network import predictor_for, resolved
from streamer.enhance.output import OutputFolder
from streamer.enhance.report import EnhanceReport
from streamer.enhance.run import enhance
from streamer.recording import RecordingReader, RecordingWriter
from tests.streamer.enhance.test_run import Watcher
from tests.support.recordings import record
from tests.support.steady_recording import steady_recording

MODEL = "fast:sensor"


class Forgetful:
    """Two processes, as far as the network goes: each call knows nothing of those before."""

    name, workers, retried = "local", 2, 0

    def __init__(self, folder: Path, parts: Path) -> None:
        self._folder, self._parts = folder, parts

    def resolved(self, inference: InferenceConfig) -> InferenceConfig:
        predictor_for.cache_clear()
        return resolved(inference)

    def submit(self, item: Item, options: EnhanceOptions) -> "Future[Outcome]":
        predictor_for.cache_clear()
        future: Future[Outcome] = Future()
        with TemporaryDirectory(dir=self._parts) as own:
            try:
                made = enhance_item(item, options, self._folder, Path(own), lambda share: None)
                future.set_result(made)
            except Exception as error:
                future.set_exception(error)
        return future

    def running(self) -> list[tuple[Item, float]]:
        return []

    def close(self, *, at_once: bool = False) -> None:
        pass


@pytest.fixture
def choices(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Precision]]:
    """A measurement that finds another precision the fastest each time; those that it found."""
    found: list[Precision] = []
    number = count()

    def choose(
        key: object, precisions: tuple[Precision, ...], build: object, cache_dir: object
    ) -> Precision:
        found.append(precisions[next(number) % len(precisions)])
        return found[-1]

    monkeypatch.setattr(selection, "choose_precision", choose)
    yield found
    predictor_for.cache_clear()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of a run with the network, as it says."""
    folder = tmp_path_factory.mktemp("network")
    plain = RecordingReader(steady_recording(folder / "s.mcap", 0.3, faults=False))
    info = msgspec.structs.replace(
        plain.info, model=MODEL, engine="openvino", precision="f32", threads=1
    )
    path = folder / "recorded.mcap"
    record(RecordingWriter(path, info), plain.read())
    return path


def _run(out: Path, options: EnhanceOptions, *sources: Path, least_bytes: int) -> EnhanceReport:
    found = Discovery(out)
    for number, source in enumerate(sources):
        size = source.stat().st_size
        found.items.append(Item((str(source),), Kind.RECORDING, f"made-{number}", size))
    with OutputFolder(out) as folder:
        engine = Forgetful(folder.path, folder.parts)
        return enhance(
            found, options, "w", folder, lambda items: engine, Watcher(), least_bytes=least_bytes
        )


def _options(*changes: str, model: str | None = None, precision: str | None = None):
    """As of the command, for `--set`, `--model` and `--precision`."""
    named = {"model": model, "precision": precision}
    given = [f"inference.{name}={value}" for name, value in named.items() if value is not None]
    config = changed_config(Config(), [*changes, *given])
    return EnhanceOptions(config=config, overrides=changes, model=model, precision=precision)


AUTO = [
    _options(model=MODEL),
    _options(model=MODEL, precision="auto"),
    _options("inference.precision=auto", model=MODEL),
    _options("inference.model=bilinear", precision="auto"),  # the network is the recording's
]


@pytest.mark.parametrize("options", AUTO)
def test_pieces_are_made_in_one_precision_and_the_report_names_it(
    tmp_path: Path, source: Path, choices: list[Precision], options: EnhanceOptions
) -> None:
    cut = _run(tmp_path / "cut", options, source, least_bytes=1)
    (chosen,) = choices
    assert (cut.done, cut.items[0].precision) == (1, chosen)
    named = _options(model=MODEL, precision=chosen)
    whole = _run(tmp_path / "whole", named, source, least_bytes=2**30)
    made, expected = (tmp_path / name / "made-0.mcap" for name in ("cut", "whole"))
    assert RecordingReader(made).info.precision == chosen
    assert made.read_bytes() == expected.read_bytes()
    assert cut.items[0].result_sha256 == whole.items[0].result_sha256


@pytest.mark.parametrize("options", AUTO)
def test_so_are_all_recordings_of_one_network(
    tmp_path: Path, source: Path, choices: list[Precision], options: EnhanceOptions
) -> None:
    report = _run(tmp_path / "out", options, source, source, least_bytes=2**30)
    assert report.done == 2
    assert [item.precision for item in report.items] == choices * 2


def test_what_is_recorded_is_taken_again(
    tmp_path: Path, source: Path, choices: list[Precision]
) -> None:
    report = _run(tmp_path / "out", _options(), source, least_bytes=2**30)
    assert report.items[0].precision == "f32"


def test_a_recording_that_cannot_be_opened_fails_alone(
    tmp_path: Path, source: Path, choices: list[Precision]
) -> None:
    damaged = tmp_path / "damaged.mcap"
    damaged.write_bytes(b"no recording")
    report = _run(tmp_path / "out", AUTO[-1], damaged, source, least_bytes=2**30)
    assert [item.status for item in report.items] == ["failed", "done"]
    assert report.items[0].why.startswith(f"recording {damaged}")
