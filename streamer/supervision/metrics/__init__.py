"""The figures of a run, gathered result by result in bounded memory."""
