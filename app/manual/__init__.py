"""The manual: Markdown pages in Korean and English, one file a topic, read from the package."""
