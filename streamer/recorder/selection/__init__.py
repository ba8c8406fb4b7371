"""What of a run is recorded: all, the time around certain moments, or a time lapse."""
