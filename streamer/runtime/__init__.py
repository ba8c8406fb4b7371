"""What a process of a run is given, and how one is run."""
