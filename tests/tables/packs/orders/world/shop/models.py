"""Models."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Order(Generic[T]):
    """A base."""
