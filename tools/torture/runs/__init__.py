"""Real runs, where they happen, and how long they may take."""
