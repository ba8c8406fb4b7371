"""Pictures on paper: figures with their bar, pages of a report."""
