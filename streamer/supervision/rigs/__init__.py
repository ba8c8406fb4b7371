"""Several rigs under one supervisor, with one worker that serves them in turn."""
