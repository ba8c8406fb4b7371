"""The recorder process."""
