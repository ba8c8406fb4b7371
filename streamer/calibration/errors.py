"""What goes wrong with calibrations."""

from streamer.errors import CorefusionError


class CalibrationError(CorefusionError):
    """A calibration that cannot be read, found or applied; names what was wanted and what came."""
