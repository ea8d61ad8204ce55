"""The program: a data half that never imports Textual, and the screens on top of it."""
