"""A run from outside: its processes, its end, its report."""
