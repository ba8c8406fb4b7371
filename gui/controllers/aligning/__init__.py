"""What is done while two cameras are lined up in the window."""
