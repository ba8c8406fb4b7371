"""How guides come to the canvas."""
