"""What builds, draws and describes the project; no part of what is installed."""
