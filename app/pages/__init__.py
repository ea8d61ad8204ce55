"""Pages: views that take the whole screen, over the boards."""
