"""Pictures laid over the large one: raw thermal, edges, the visible, how sure it is. No Qt."""
