"""What moves in the simulated world: people and machines, and where each of them is when."""
