"""The feed: one socket on a thread of its own, decoded, conflated, handed over once a beat."""
