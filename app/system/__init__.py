"""Process and disk: standard streams, operating system errors."""
