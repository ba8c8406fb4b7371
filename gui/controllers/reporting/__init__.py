"""Takes a moment for a report, and writes it."""
