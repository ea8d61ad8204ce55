"""The screen: boards and panels over record structs; no network, no files, none of the program."""
