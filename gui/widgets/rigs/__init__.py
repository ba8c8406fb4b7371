"""The window of several rigs: one large, all of them small in a strip."""
