"""Everything that uses Textual: the app, its screens and dialogs, keymap and theme."""
