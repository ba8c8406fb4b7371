"""What a recording says besides its pictures: of the run, its events, its changes, the time."""
