"""What a training run is fed with: sources of pictures, a teacher's answers, batches of both."""
