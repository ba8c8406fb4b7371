"""What is painted and pressed. Widgets know state, and no messages."""
