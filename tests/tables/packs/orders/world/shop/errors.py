"""Errors."""


class OrderError(Exception):
    """An order failed."""
