"""Training runs: settings, batches, losses, the loop and its state."""
