"""Recordings to other files, and other files to recordings."""
