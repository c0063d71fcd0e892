"""Faults."""


class OrderFault(Exception):
    """An order failed."""
