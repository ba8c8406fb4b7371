"""The window by the keyboard, and for who cannot see it."""
