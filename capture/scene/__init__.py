"""The simulated rig's world: one moving yard, seen in light and in heat."""
