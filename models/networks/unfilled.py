"""Building a network whose weights come from elsewhere: the random ones are not drawn first."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

_DRAWS = frozenset(
    {nn.init.kaiming_uniform_, nn.init.uniform_, nn.init.normal_}
    | {torch.Tensor.uniform_, torch.Tensor.normal_}
)
"""What fills a tensor with random numbers, in every initialisation used here."""


class Unfilled(TorchFunctionMode):
    """Within it a new network's weights are whatever was in memory; its buffers are as ever.

    Drawing those of the paper's network takes ten times as long as loading them from a file.
    Every weight must be written before it is read: `load_state_dict` does, and says what it lacks.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Lets everything through but the draws."""
        kwargs = kwargs or {}
        if func in _DRAWS:
            return args[0] if args else kwargs["tensor"]
        return func(*args, **kwargs)
