"""Contracts, their names and codes."""
