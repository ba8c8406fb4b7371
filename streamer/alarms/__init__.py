"""Alarms: rules on what tools read, their state over time. No Qt, no sockets; time is handed in."""
