"""The catalogues of the window's words: what is marked, each language's text, what is compiled."""
