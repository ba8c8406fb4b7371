"""The inference worker: pairing, health, modes, and the results."""
