"""What happened, in lines: on standard error, and in one file a run, of all its processes."""
