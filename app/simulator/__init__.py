"""The simulator: a seeded market behind a loopback server that speaks KIS' REST and websocket."""
