"""Panels that are docked beside the picture."""
