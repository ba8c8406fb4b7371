"""The viewer: a window onto the run, in a process of its own."""
