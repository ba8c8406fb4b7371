"""Input that nobody means well, made by the thousand and read in a process of its own."""
