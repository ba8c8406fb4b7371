"""Cameras on USB: found by what they are, read where a read may hang."""
