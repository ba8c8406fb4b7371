"""What must hold of every run and of what it leaves."""
