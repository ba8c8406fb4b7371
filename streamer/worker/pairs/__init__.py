"""Which frames are worked on, when, and in what mode."""
