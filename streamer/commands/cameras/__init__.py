"""Commands of cameras: which there are, how two lie, their shutters."""
