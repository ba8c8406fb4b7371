"""Where a replay is, and how it is steered, as values. No Qt."""
