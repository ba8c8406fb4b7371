"""What reaches a terminal: text from outside is shown, never obeyed."""
