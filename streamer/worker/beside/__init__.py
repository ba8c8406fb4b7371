"""What is shown beside the results: pictures between two of them, and what the guide added."""
