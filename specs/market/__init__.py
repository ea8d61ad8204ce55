"""The nouns of the market as frozen structs."""
