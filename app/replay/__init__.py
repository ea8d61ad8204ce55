"""The dashboard over a tape, and what it says of it."""
