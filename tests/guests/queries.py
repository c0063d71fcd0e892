"""Bowler queries for the tests, right and wrong ones."""

from __future__ import annotations

from bowler import Query


def renames() -> Query:
    """Rename a function and all its calls."""
    return Query().select_function("old").rename("new")


INSTANCE = Query().select_function("old").rename("new")
NO_QUERY = 1


def gives_none() -> None:
    """Return no query."""


def decides() -> Query:
    """Decide about each hunk."""
    return renames().process(lambda filename, hunk: False)


def others() -> Query:
    """Leave out files by their name."""
    return Query(filename_matcher=lambda name: name.endswith("b.py")).select_function("old").rename("new")
