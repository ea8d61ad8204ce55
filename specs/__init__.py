"""The wire: what KIS says and what is said to KIS, as pure functions over bytes and structs."""
