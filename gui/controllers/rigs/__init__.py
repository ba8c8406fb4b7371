"""What fills the window of several rigs, and does what is asked there."""
