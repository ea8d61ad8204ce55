"""Process and disk: standard streams, operating system errors, the log."""
