"""Measuring in the window: what the pointer does to tools, what they read, where labels stand."""
