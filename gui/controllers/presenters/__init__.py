"""Parts of the presenter: each puts one part of what is known onto the window."""
