"""The program: rooms that import only downwards, with the screens and the command line on top."""
