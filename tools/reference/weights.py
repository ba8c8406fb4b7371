"""The page weights.md, and the same beside the weights: what each set may be used for, and why."""

from models.registry import FILES, SETS, WEIGHTS
from tools.reference.markdown import code, page, prose, table

README = WEIGHTS / "README.md"

_HEAD = """
Each set of weights was trained on pictures of others, and may be used as those allow. The code's
licence does not cover them. None of the pictures is here.
"""


def weights_page() -> str:
    """The page."""
    rows = [
        [
            ", ".join(code(name) for name, stem in FILES.items() if stem == known.stem),
            code(f"{known.stem}.safetensors"),
            known.terms.value,
            "; ".join(one.name for one in known.trained_on),
        ]
        for known in SETS
        if (WEIGHTS / f"{known.stem}.safetensors").is_file()
    ]
    sources = {one.name: one for known in SETS for one in known.trained_on}
    about = [[one.name, one.terms, one.attribution] for one in sources.values()]
    return page(
        "Weights, and what they may be used for",
        prose(_HEAD),
        table(["model", "file", "may be used for", "trained on"], rows),
        "## What they were trained on",
        table(["data", "its terms", "whose"], about),
    )
