"""One module a format: what its files hold, to the last bit, and what they really are."""
