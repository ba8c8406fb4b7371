"""Faults committed on purpose (`--inject`)."""
