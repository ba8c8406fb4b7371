"""Sensors to frames: drivers behind one contract, and the one capture loop."""
