"""Process and disk: clock, errors, files, lock, logs, crash reports, secrets."""
