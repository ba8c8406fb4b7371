"""The base of every error that is the user's to mend: shown as one line, never as a traceback."""


class CorefusionError(Exception):
    """Says the thing, what was wanted and what came. Commands print it and exit with 1."""
