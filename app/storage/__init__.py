"""Layouts, settings and credentials on disk."""
