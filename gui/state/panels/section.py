"""What a panel lists: headings, and lines below them."""

import msgspec


class Section(msgspec.Struct, frozen=True):
    """A heading, and its lines: what, and how it stands.

    Attributes:
        title: the heading.
        lines: what it is of, and what is known of it; a line without the first is a remark.
    """

    title: str
    lines: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """As plain text, a line each."""
        return "\n".join(
            (self.title, *(f"{what}: {how}" if what else how for what, how in self.lines))
        )
