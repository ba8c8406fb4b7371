"""What can be done, found by its words."""
