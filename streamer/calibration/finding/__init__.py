"""Finding a calibration: from what both cameras see, from points, a board, fields of view."""
