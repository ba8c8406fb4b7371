"""The span that is typed, dragged and scrolled."""
