"""Bases."""

from typing import Generic, TypeVar

T = TypeVar("T")


class BaseOrder(Generic[T]):
    """A base."""


def task(name=None, retries=0):
    return lambda function: function


def traced(function):
    return function
