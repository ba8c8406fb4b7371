"""The player process: a recording as the streams it was made from."""
