"""The desk: the session of a hub on NATS, for screens on other machines and without a key."""
