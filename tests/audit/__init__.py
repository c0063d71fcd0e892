"""Audits: compliance with its denominators, and the yardsticks of a pack."""
