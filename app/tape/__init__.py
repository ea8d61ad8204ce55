"""The tape: what came from KIS, recorded as it came, and played back as if it came now."""
