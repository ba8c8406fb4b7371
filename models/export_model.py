"""From a checkpoint to what is shipped: half-precision weights and one OpenVINO graph a mode.

    corefusion export-model --model fast --output DIR

writes NAME.safetensors (float16, for the torch engine and as a start for training) and
NAME.GRAPH.xml/.bin for the graphs `both`, `thermal_only` and `visible_only`. A graph holds the
present branches only and takes

    base   (1, 1, H, W) float32, about 0..1        (not in visible_only)
    guide  (1, H, W, 3) uint8, BGR as OpenCV reads  (not in thermal_only)

and gives (1, 1, H, W) float32: the residual over the base, in visible_only the picture itself.
H and W may be any multiple of the network's stride. Needs torch; running the graphs does not.
"""

import json
import warnings
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from models import checkpoint
from models.graphs import GRAPHS, RT_INFO, GraphFacts, graph_path
from models.network import GuidedNetwork, cost
from models.realtime import RealtimeNet


class _Deployed(nn.Module):
    """The network as a graph: kernels folded, guide in levels (0..255), one mode."""

    def __init__(self, net: GuidedNetwork, graph: str) -> None:
        super().__init__()
        self.graph = graph
        self.net = net.deployed()
        self.levels = 255.0
        if isinstance(self.net, RealtimeNet):
            # Its entry convolution takes the division with it.
            entry = cast(nn.Conv2d, self.net.visible.stage4.convolutions[0])
            with torch.no_grad():
                entry.weight.div_(self.levels)
            self.levels = 1.0

    def forward(self, first: Tensor, second: Tensor | None = None) -> Tensor:
        if self.levels != 1.0 and self.graph != "thermal_only":
            if second is None:
                first = first / self.levels
            else:
                second = second / self.levels
        if self.graph == "both":
            return self.net.residual(first, second)
        if self.graph == "thermal_only":
            return self.net.residual(first, None)
        return self.net.residual(None, first)


def export_model(source: Path, output: Path, name: str) -> list[Path]:
    """Write the weights and graphs of a checkpoint.

    Args:
        source: a checkpoint.
        output: a folder, made if missing.
        name: the stem of the files written.

    Returns:
        The files written, weights first.

    Raises:
        ModelError: if the checkpoint is unusable.
    """
    net, facts = checkpoint.load(source)
    output.mkdir(parents=True, exist_ok=True)
    weights = output / f"{name}.safetensors"
    parameters, macs = cost(net)
    training = {**facts.training, "parameters": parameters, "macs_640x480": macs}
    # The norms' statistics stay exact: they are few, and their span is wide.
    halves = {
        key: value.half() if value.ndim >= 2 else value for key, value in net.state_dict().items()
    }
    checkpoint.save(weights, net, facts.degradation, training, halves)
    # Graphs are made from the rounded weights, so that both engines run the same network.
    net, _ = checkpoint.load(weights)
    graph_facts = GraphFacts(
        weights_sha256=checkpoint.sha256(weights),
        parameters=parameters,
        macs_640x480=macs,
    )
    written = [weights]
    for graph in GRAPHS:
        path = graph_path(weights, graph)
        _write_graph(net, graph, graph_facts, path)
        written += [path, path.with_suffix(".bin")]
    return written


def _write_graph(net: GuidedNetwork, graph: str, facts: GraphFacts, path: Path) -> None:
    import openvino
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder
    from openvino.preprocess import PrePostProcessor

    names = {"both": ("base", "guide"), "thermal_only": ("base",), "visible_only": ("guide",)}[
        graph
    ]
    channels = {"base": 1, "guide": 3}
    example = tuple(torch.zeros(1, channels[n], 64, 96) for n in names)
    # The frontend by itself: openvino.convert_model would report the conversion to its makers.
    frontend = FrontEndManager().load_by_framework("pytorch")
    with torch.inference_mode(), warnings.catch_warnings():
        # OpenVINO traces; torch would rather have it export, which the frontend does less well.
        warnings.simplefilter("ignore", DeprecationWarning)
        decoder = TorchScriptPythonDecoder(_Deployed(net, graph).eval(), example_input=example)
        model = frontend.convert(frontend.load(decoder))
    ports = zip(model.inputs, names, strict=True)
    model.reshape({port: openvino.PartialShape([1, channels[n], -1, -1]) for port, n in ports})
    for port, n in zip(model.inputs, names, strict=True):
        port.get_tensor().set_names({n})
    model.output(0).get_tensor().set_names({"picture"})
    if "guide" in names:
        steps = PrePostProcessor(model)
        guide = steps.input("guide")
        guide.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
        guide.model().set_layout(openvino.Layout("NCHW"))
        model = steps.build()
    model.set_rt_info(json.dumps(facts.as_dict()), RT_INFO)
    openvino.save_model(model, path, compress_to_fp16=True)
