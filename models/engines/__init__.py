"""Engines run a network's graphs at one canvas; which one is chosen by `selection`."""
