"""What an option is worth by our own computation, from live prices alone."""
