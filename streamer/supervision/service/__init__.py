"""A run under a service manager: readiness, watchdog, status."""
