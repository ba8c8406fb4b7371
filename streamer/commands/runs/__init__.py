"""Commands that begin a run, or speak to one."""
