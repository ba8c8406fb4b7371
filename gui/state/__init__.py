"""What the window shows and why, as values. No Qt."""
