"""From counts to colours and readings: NumPy alone, no Qt."""
