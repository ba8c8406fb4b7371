"""Scores of a network on a folder, and the time it takes."""
