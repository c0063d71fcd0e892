"""Run pure work on many files."""
