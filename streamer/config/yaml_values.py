"""YAML as the configuration takes it: small, shallow, plain values, each key once."""

import re
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from streamer.errors import CorefusionError

MAX_DEPTH = 16
MAX_DIGITS = 32
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_EXPONENT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$")
"""What YAML 1.2 and everybody call a number; YAML 1.1, as PyYAML reads it, wants 1.0e-9 of 1e-9."""


class YamlError(CorefusionError):
    """A text that is no YAML of ours; says where, and why."""


def load_yaml(text: str) -> Any:
    """The plain values of a text.

    Raises:
        YamlError: it is not YAML, nests deeper than MAX_DEPTH, names a key twice, or holds a number
            of more than MAX_DIGITS digits or half a character.
    """
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: "
        raise YamlError(f"{place}{error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        raise YamlError(f"character {error.position}: {error.reason}") from error
    except (yaml.YAMLError, ValueError) as error:  # an escape that is no character
        raise YamlError(" ".join(str(error).split())) from error


class _Loader(yaml.SafeLoader):
    """A SafeLoader that refuses what the configuration has no use for."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    _depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            self._refuse(f"nested deeper than {MAX_DEPTH}", event.start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, ScalarNode):
                if key.value in seen:
                    self._refuse(f"the key {key.value:.60} stands twice", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: ScalarNode | MappingNode) -> Any:
        try:
            str(node.value).encode()
        except UnicodeEncodeError:
            self._refuse("half a character (a lone surrogate)", node.start_mark)
        return super().construct_scalar(node)

    def construct_number(self, node: ScalarNode) -> Any:
        """A whole number of a length that somebody could have meant."""
        if len(node.value) > MAX_DIGITS:
            self._refuse(f"a number of {len(node.value)} characters", node.start_mark)
        return self.construct_yaml_int(node)

    def _refuse(self, problem: str, mark: Any) -> None:
        raise yaml.constructor.ConstructorError(problem=problem, problem_mark=mark)


_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _EXPONENT, list("-+.0123456789"))
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_number)
