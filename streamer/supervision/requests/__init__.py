"""What a window asks of a run while it goes on: recordings, other files, alarms."""
