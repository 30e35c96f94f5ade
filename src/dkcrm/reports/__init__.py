"""Read-only SQL over the history, a file a report."""
