"""What is shipped, and the command that makes it."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest

from models.checkpoint import read_facts, sha256
from models.data.dataset import find_pairs, split
from models.engines.graphs.builder import build_graph
from models.engines.graphs.quantization import read_table, table_path
from models.engines.openvino import OpenVinoEngine, precisions_of
from models.errors import ModelError
from models.imaging import error_features
from models.inference import uncertainty
from models.registry import WEIGHTS
from tests.models.engines.engine_contract import given, spec
from tests.support.scenes import write_folder

SIZE = (64, 96)
CROPS = 12
"""That ranges are found on here, of the 300 of a release."""
SHIPPED = ("fast-sensor", "fast-benchmark", "quality-benchmark")


@pytest.fixture(autouse=True, scope="module")
def torch():
    return pytest.importorskip("torch", reason="PyTorch is not installed")


def noise():
    rng = np.random.default_rng(1)
    base = cv2.resize(rng.uniform(0, 1, (8, 12)), SIZE[::-1]).astype(np.float32)
    guide = cv2.resize(rng.uniform(0, 255, (16, 24, 3)), SIZE[::-1]).astype(np.uint8)
    return base, guide


def scene():
    """Shapes that both cameras see, as in the pictures that the ranges of int8 were found on."""
    height, width = SIZE
    truth = np.full(SIZE, 0.35)
    cv2.circle(truth, (30, 30), 18, 0.8, -1, cv2.LINE_AA)
    cv2.rectangle(truth, (60, 10), (85, 50), 0.6, -1)
    truth = cv2.GaussianBlur(truth, (0, 0), 1.0)
    low = cv2.resize(truth, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    base = cv2.resize(low, (width, height)).astype(np.float32)
    guide = 255 * (0.05 + truth[..., None] * (0.6, 0.8, 1.0))
    return base, guide.astype(np.uint8)


@pytest.mark.parametrize("stem", SHIPPED)
def test_the_shipped_weights_tell_no_paths_of_the_machine(stem):
    settings = read_facts(WEIGHTS / f"{stem}.safetensors").training["settings"]
    told = [settings["output"], settings["init"], *settings["data"]]
    assert all(text.count("/") < 3 and not text.startswith("/") for text in told), told


@pytest.mark.parametrize("stem", ["fast-benchmark", "quality-benchmark"])
def test_what_is_missed_of_the_samples_keeps_its_precision(stem):
    """It is a small difference of large numbers: in 8 bits it cost 0.06 dB."""
    table = read_table(table_path(WEIGHTS / f"{stem}.safetensors"))
    looking_back = ("samples.", "decoder.head")
    assert {"samples.picture", "samples.missed", "samples.sum"} <= set(table.kept)
    assert not [name for name in table.ranges if name.startswith(looking_back)]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The files of shipped weights exported anew, by stem and precision; each is made once."""
    from models.export.export_model import export_model

    @cache
    def files(stem, precision):
        folder = tmp_path_factory.mktemp("exported")
        return export_model(WEIGHTS / f"{stem}.safetensors", folder, stem, precision)

    return files


@pytest.fixture(scope="module")
def engines(exported):
    """The exported graph of both inputs, compiled, and PyTorch on the weights beside it."""
    import openvino

    from models.engines.torch import TorchEngine

    core = openvino.Core()

    @cache
    def both(stem, precision):
        weights, *_, graph, _ = exported(stem, precision)
        model = core.read_model(graph)
        compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        return compiled, TorchEngine(spec(weights, canvas=SIZE))

    return both


@pytest.mark.parametrize("stem", SHIPPED)
def test_the_shipped_files_are_rebuilt_by_one_command(stem, exported):
    source = WEIGHTS / f"{stem}.safetensors"
    folder = exported(stem, "int8")[0].parent
    for path in (source, table_path(source), uncertainty.table_path(source)):
        assert (folder / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("precision", "inputs", "bound"),
    [
        ("int8", scene, 0.005),
        ("int8", noise, 0.015),
        ("bf16", noise, 1e-3),
        ("bf16", scene, 1e-3),
        ("f32", noise, 1e-6),
        ("f32", scene, 1e-6),
    ],
)
@pytest.mark.parametrize("stem", SHIPPED)
def test_the_written_graph_is_the_network_of_the_weights(stem, precision, inputs, bound, engines):
    compiled, torch_engine = engines(stem, precision)
    base, guide = inputs()
    picture = compiled({"base": base[None, None], "guide": guide[None]})["picture"][0, 0]
    reference = torch_engine.infer(*given("both", base, guide))
    assert np.sqrt(np.mean((picture - reference) ** 2)) < bound


def test_foretold_errors_go_with_the_weights(tiny_checkpoint, tmp_path):
    from models.export.export_model import export_model

    source = tmp_path / "source.safetensors"
    source.write_bytes(tiny_checkpoint.read_bytes())
    fit = uncertainty.UncertaintyFit("guided", 8, (1.0,) * 9, 0.0, (0.0, 1.0), (1.0, 2.0))
    made = uncertainty.UncertaintyTable(sha256(source), "", error_features.names(True), (fit,))
    uncertainty.write_table(uncertainty.table_path(source), made)
    written = export_model(source, tmp_path / "out", "mine")
    assert uncertainty.table_path(written[0]) in written
    assert uncertainty.estimator_of(written[0]) is not None, "it is for the rounded weights now"
    source.write_bytes((WEIGHTS / "fast-sensor.safetensors").read_bytes())
    with pytest.raises(ModelError, match="made for other weights; corefusion fit-uncertainty"):
        export_model(source, tmp_path / "out", "mine")


def test_weights_stay_exact_only_where_that_is_asked_for(tiny_checkpoint, tmp_path):
    from safetensors.numpy import load_file

    from models.export.export_model import export_model

    before = load_file(tiny_checkpoint)["decoder.head.weight3"]
    for precision, kind in (("f32", np.float32), ("bf16", np.float16)):
        written = export_model(tiny_checkpoint, tmp_path / precision, "tiny", precision)
        after = load_file(written[0])["decoder.head.weight3"]
        assert after.dtype == kind
        assert np.array_equal(after, before.astype(kind))


def test_int8_says_what_it_wants(tiny_checkpoint, tmp_path):
    from models.export.export_model import export_model

    with pytest.raises(ModelError, match=r"wants training pictures .* --calibration DIR"):
        export_model(tiny_checkpoint, tmp_path, "tiny", "int8")
    with pytest.raises(ModelError, match="wanted int8, bf16, f32, got 'int4'"):
        export_model(tiny_checkpoint, tmp_path, "tiny", "int4")
    assert not list(tmp_path.iterdir())


def test_ranges_of_other_weights_are_not_taken(tiny_checkpoint, tmp_path):
    from models.export.export_model import export_model

    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(tiny_checkpoint.read_bytes())
    shipped = WEIGHTS / "fast-sensor.safetensors"
    table_path(copy).write_bytes(table_path(shipped).read_bytes())
    with pytest.raises(ModelError, match="made for other weights"):
        export_model(copy, tmp_path / "out", "copy", "int8")


class Calibrated(NamedTuple):
    """Weights whose ranges were found on crops of a folder's pairs, and which were read for it."""

    weights: Path
    folder: Path
    read: list[str]


@pytest.fixture(scope="module")
def calibrated(tiny_checkpoint, tmp_path_factory):
    pytest.importorskip("nncf", reason="nncf is not installed")
    from models.export import calibration
    from models.export.export_model import export_model

    output = tmp_path_factory.mktemp("calibrated")
    folder = write_folder(output / "set", 3, 240, 256)
    read = []
    original = calibration.read_pair
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "read_pair", lambda p: read.append(p.name) or original(p))
        patch.setattr(calibration.calibrate, "__defaults__", (CROPS,))
        weights = export_model(tiny_checkpoint, output, "tiny", "int8", [folder])[0]
    return Calibrated(weights, folder, read)


def test_ranges_are_found_on_training_pairs_alone(calibrated):
    weights, folder, read = calibrated
    assert read
    assert set(read) <= {pair.name for pair in split(find_pairs(folder))[0]}
    table = read_table(table_path(weights))
    assert table.kept == ("thermal.stage4.convolutions.0", "decoder.head")
    assert table.ranges["guide.levels"] == (0.0, 255.0)
    assert "set" in table.made_from
    assert precisions_of(weights)[0] == "int8"
    shown = given("both", *noise())
    exact = OpenVinoEngine(spec(weights, canvas=SIZE)).infer(*shown).copy()
    rough = OpenVinoEngine(spec(weights, "int8", SIZE)).infer(*shown)
    assert np.sqrt(np.mean((exact - rough) ** 2)) < 0.1 * max(1.0, np.abs(exact).max())
    assert json.loads(table_path(weights).read_text())["weights_sha256"] == table.weights_sha256


def test_ranges_hold_what_any_crop_calls_for_in_any_graph(calibrated):
    import openvino
    from openvino import opset13 as ops

    from models.export import calibration

    table = read_table(table_path(calibrated.weights))
    side = calibration.RECIPE.crop_px
    crops = list(calibration._crops(split(find_pairs(calibrated.folder))[0], CROPS))
    for graph in ("both", "thermal_only", "visible_only"):
        model = build_graph(calibrated.weights, graph, (side, side))
        limited = [n for n in model.get_ordered_ops() if n.get_friendly_name() in table.ranges]
        model.add_results([ops.result(node) for node in limited])
        compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        inputs = [port.get_any_name() for port in model.inputs]
        for crop in crops:
            answer = compiled({name: crop[name] for name in inputs})
            for index, node in enumerate(limited, len(model.outputs) - len(limited)):
                low, high = table.ranges[node.get_friendly_name()]
                slack = 0.01 * (high - low)  # nncf moves a range so that zero is one of its levels
                assert low - slack <= answer[index].min(), node.get_friendly_name()
                assert answer[index].max() <= high + slack, node.get_friendly_name()


def test_pictures_for_scoring_are_no_calibration(tiny_checkpoint, make_folder, tmp_path):
    pytest.importorskip("nncf", reason="nncf is not installed")
    from models.export.export_model import export_model

    with pytest.raises(ModelError, match="never for training"):
        export_model(tiny_checkpoint, tmp_path / "out", "t", "int8", [make_folder("val")])
