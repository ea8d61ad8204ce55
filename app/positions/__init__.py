"""Positions without an account: contracts held, in files of the user's, never sent anywhere."""
