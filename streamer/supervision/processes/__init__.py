"""The processes of a run, through all their lives."""
