"""What joins messages, state and widgets: receiving, presenting, the user's actions."""
