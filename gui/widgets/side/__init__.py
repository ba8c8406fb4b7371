"""Small windows beside the picture."""
