"""The first picture: the last known values of rows that have not traded, asked for over REST."""
