"""What moves the weights: optimisers, and the schedule of their learning rate."""
