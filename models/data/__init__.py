"""Folders of picture pairs, and what training does to them. No torch."""
