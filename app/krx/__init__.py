"""The exchange's rules: which sessions are held, when contracts expire, what the user corrects."""
