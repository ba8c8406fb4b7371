"""Options of earlier releases: taken as what they are called now, and not shown in any help."""

from typing import Any

from typer.core import TyperCommand

_NOW_CALLED = {
    "--grab": "--screenshot",
    "--when": "--trigger",
    "--before": "--pre-trigger",
    "--after": "--post-trigger",
    "--every": "--interval",
    "--thermal": "--thermal-corruption",  # of evaluate; elsewhere it names a source
}


class RenamedOptions(TyperCommand):
    """A command that also takes the words its options had before."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parses a command line whose old words have been replaced; `--` ends the options."""
        end = args.index("--") if "--" in args else len(args)
        own = {word for parameter in self.params for word in parameter.opts}
        known = {old: new for old, new in _NOW_CALLED.items() if new in own and old not in own}
        renamed = [_renamed(word, known) for word in args[:end]]
        parsed: list[str] = super().parse_args(ctx, [*renamed, *args[end:]])
        return parsed


def _renamed(word: str, known: dict[str, str]) -> str:
    option, equals, value = word.partition("=")
    return known.get(option, option) + equals + value
