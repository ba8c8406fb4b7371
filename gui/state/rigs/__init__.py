"""Several rigs in one window: which is large, and what is told of each."""
