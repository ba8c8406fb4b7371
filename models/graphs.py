"""The deployed graphs of a model: what they are called, where they lie, what they say."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

GRAPHS = ("both", "thermal_only", "visible_only")
"""One graph for each set of present modalities; an absent branch is not in the graph at all."""

RT_INFO = ["corefusion"]
"""Where a graph keeps its GraphFacts, as JSON."""


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What the bench reports and what ties a graph to its weights, readable without torch."""

    weights_sha256: str
    parameters: int
    macs_640x480: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def graph_path(weights: Path, graph: str) -> Path:
    """fast.safetensors, both -> fast.both.xml beside it."""
    return weights.with_name(f"{weights.stem}.{graph}.xml")


def graph_name(base: object, guide: object) -> str:
    """Which graph serves these inputs, None meaning absent."""
    if base is None:
        return "visible_only"
    return "thermal_only" if guide is None else "both"


def facts_from_json(text: str) -> GraphFacts:
    """The facts a graph carries."""
    return GraphFacts(**json.loads(text))
