"""Alerts: their line of text, their file, and their evaluation; no screen and no connection."""
