"""What is done to pictures around a network: NumPy and OpenCV, no torch."""
