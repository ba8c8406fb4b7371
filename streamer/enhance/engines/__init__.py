"""What makes items in bulk: processes of this machine, or a cluster."""
