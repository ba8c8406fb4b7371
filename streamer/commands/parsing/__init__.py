"""What typer does not parse by itself: finite numbers, and words of earlier releases."""
