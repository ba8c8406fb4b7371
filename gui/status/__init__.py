"""How the run is doing, in the user's words. No Qt."""
