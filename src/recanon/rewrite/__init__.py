"""Helpers with which codemods make new code out of old."""
