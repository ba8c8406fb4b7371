"""MCAP: the container that a recording is stored in, read and written record by record."""
