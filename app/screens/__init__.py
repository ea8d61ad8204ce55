"""Parts of the dashboard that use undocumented parts of Textual."""
