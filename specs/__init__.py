"""The wire protocol of KIS, both ways, as pure functions over bytes and structs."""
