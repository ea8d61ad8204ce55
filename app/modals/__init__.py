"""The dialogs: each asks one thing, takes Enter for yes and Esc for no, and returns the answer."""
