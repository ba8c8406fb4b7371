"""Streets that nobody has seen: each seed paints another, in light and in heat."""
