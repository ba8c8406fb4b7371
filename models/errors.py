"""The error of this package that a command prints as one line."""

from streamer.errors import CorefusionError


class ModelError(CorefusionError):
    """Something about a model, its weights, its data or its engine is not as wanted.

    The message is one line that names the thing, what was wanted and what came; the command line
    prints it as it stands.
    """
