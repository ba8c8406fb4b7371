"""Two cameras to one view: where in the visible picture each point of the thermal one lies."""
