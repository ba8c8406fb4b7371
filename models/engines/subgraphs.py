"""The graphs a model runs as, each holding what its inputs call for and nothing else.

`both`: base and guide give the residual over the base, and the guide's features.
`reuse`: base and those features give the residual over the base.
`thermal_only`: the base gives the residual over it.
`visible_only`: the guide gives the picture itself.
"""

GRAPHS = ("both", "reuse", "thermal_only", "visible_only")


def graph_name(base: object, guide: object) -> str:
    """Which graph serves these inputs, None meaning absent."""
    if base is None:
        return "visible_only"
    return "thermal_only" if guide is None else "both"
