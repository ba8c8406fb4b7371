"""What the panels beside the picture say. No Qt."""
