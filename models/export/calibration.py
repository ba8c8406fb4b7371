"""Finding the ranges of an 8-bit graph: which values the activations take on training crops.

    corefusion export-model --model NAME --precision int8 --calibration DIR --output DIR

Needs nncf (the extra `int8`); running the graph does not. What reads thermal counts and what writes
the picture stay in higher precision: with them in 8 bits too, 0.10 to 0.15 dB were lost on the
development pairs, without them 0.01 to 0.02, and they cost 0.2 ms of 5. Correcting the biases was
worth less than 0.005 dB and is left out.

A range is the widest that any crop calls for, in any of the three graphs: a visible picture alone
takes the last stage far beyond what it sees of a residual, and clipping it cost `quality` 0.6 dB
there. Means over the crops in place of the extremes lost up to 0.04 dB with both inputs; these lose
0.01.
"""

import importlib.util
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.checkpoint import sha256
from models.data.augmentation_config import AugmentationConfig
from models.data.dataset import PairPaths, check_trainable, find_pairs, read_pair, split
from models.data.sample import MARGIN_PX, draw_sample
from models.engines.graphs import builder
from models.engines.graphs.ops import GUIDE_LEVELS, GUIDE_PLANES
from models.engines.graphs.quantization import Int8Table
from models.errors import ModelError

SAMPLES = 300
"""Crops looked at. The extremes of half as many are lower by a tenth at the median node."""

RECIPE = AugmentationConfig(no_visible=0.0, no_thermal=0.0)
"""Training's own samples, both modalities there: noise, spoiled guides and shifts included."""


def calibrate(weights: Path, folders: Sequence[Path], samples: int = SAMPLES) -> Int8Table:
    """The table of a checkpoint's int8 ranges.

    Args:
        weights: the checkpoint, as it will be run.
        folders: data folders; their training pairs alone are read.
        samples: crops looked at.

    Raises:
        ModelError: without nncf, for folders that may not be trained on, or unusable weights.
    """
    if importlib.util.find_spec("nncf") is None:
        raise ModelError("int8 ranges are found with nncf: pip install 'corefusion-live[int8]'")
    pairs = [pair for folder in folders for pair in _training_pairs(folder)]
    side = RECIPE.crop_px
    crops = list(_crops(pairs, samples))
    if not crops:
        raise ModelError(f"calibration: no pair of at least {side + MARGIN_PX} pixels a side")
    sensitive = builder.parts_of(weights).sensitive
    ranges = _ranges(weights, "both", crops, sensitive)
    for graph in ("thermal_only", "visible_only"):
        for name, (low, high) in _ranges(weights, graph, crops, sensitive).items():
            if name in ranges:  # the whole graph quantises no other place
                ranges[name] = min(low, ranges[name][0]), max(high, ranges[name][1])
    words = f"{len(crops)} crops of {len(pairs)} pairs of {', '.join(f.name for f in folders)}"
    return Int8Table(sha256(weights), words, ranges, sensitive)


def _training_pairs(folder: Path) -> list[PairPaths]:
    check_trainable(folder)
    return split(find_pairs(folder))[0]


def _crops(pairs: Sequence[PairPaths], count: int) -> Iterator[dict[str, Any]]:
    """Samples of pairs taken evenly from all, each drawn from its own seed."""
    for index in range(count):
        pair = read_pair(pairs[index * len(pairs) // count])
        if min(pair.thermal.shape) < RECIPE.crop_px + MARGIN_PX:
            continue  # training leaves these out as well
        sample = draw_sample(pair, RECIPE, np.random.default_rng(index))
        yield {"base": sample.base[None, None], "guide": sample.guide[None]}


def _ranges(
    weights: Path, graph: str, crops: Sequence[dict[str, Any]], sensitive: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """What one of a model's graphs sees, by the name of the node whose output is limited."""
    side = RECIPE.crop_px
    model = builder.build_graph(weights, graph, (side, side))
    inputs = [port.get_any_name() for port in model.inputs]
    os.environ.setdefault("NNCF_CI", "1")  # else it would report its use to its makers
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries it reaches for
        import nncf
        from nncf.quantization.range_estimator import RangeEstimatorParametersSet

        # nncf's own call for this also turns down handlers that others put on its logger.
        logging.getLogger("nncf").setLevel(logging.ERROR)
        quantised = nncf.quantize(
            model,
            nncf.Dataset([{name: crop[name] for name in inputs} for crop in crops]),
            subset_size=len(crops),
            preset=nncf.QuantizationPreset.MIXED,
            # A graph of one modality lacks some of them.
            ignored_scope=nncf.IgnoredScope(names=list(sensitive), validate=graph == "both"),
            advanced_parameters=nncf.AdvancedQuantizationParameters(
                activations_range_estimator_params=RangeEstimatorParametersSet.MINMAX,
                disable_bias_correction=True,
            ),
        )
    found = {}
    for node in quantised.get_ordered_ops():
        if node.get_type_name() != "FakeQuantize":
            continue
        low, high = (float(node.input_value(i).get_node().get_data().item()) for i in (1, 2))
        found[node.input_value(0).get_node().get_friendly_name()] = (low, high)
    whole = dict.fromkeys((GUIDE_LEVELS, GUIDE_PLANES), (0.0, 255.0))
    # Of a picture's own 8 bits all are kept.
    return {**found, **{name: limits for name, limits in whole.items() if name in found}}
