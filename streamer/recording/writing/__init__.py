"""A recording on its way to the disk."""
