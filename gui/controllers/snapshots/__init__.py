"""Saves what is on the screen, while the window goes on."""
