"""`make torture`: what a run goes through that nobody wishes it, and whether it stands it."""
