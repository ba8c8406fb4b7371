"""A table of docs/results.md, its cells in words."""

from dataclasses import dataclass

from models.imaging.metrics import Score


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, a paragraph, columns and rows of cells already in words; "" for not obtained."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [f"## {self.title}", "", self.note, ""]
        if not self.rows:
            return "\n".join([*lines, "No run of this kind yet.", ""])
        lines.append(f"| {' | '.join(self.columns)} |")
        lines.append("|" + "|".join(["---"] + ["---:"] * (len(self.columns) - 1)) + "|")
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        return "\n".join([*lines, ""])


def cells(score: Score | tuple[float, float] | None) -> tuple[str, str]:
    """PSNR and SSIM in words."""
    return ("", "") if score is None else (f"{score[0]:.3f}", f"{score[1]:.4f}")
