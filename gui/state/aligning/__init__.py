"""Lining two cameras up by hand in the window: what is chosen so far, and what is said of it."""
