"""The gateway: one session of KIS, shared with other programs of this machine."""
