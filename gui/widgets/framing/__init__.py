"""Painting a picture of which a part is shown, whichever way up."""
