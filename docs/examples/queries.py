"""Bowler queries, to be run as guests: `recanon run bowler:docs/examples/queries.py:utcnow TREE`."""

from collections.abc import Callable

from bowler import LN, Capture, Filename, Query
from fissix.fixer_util import Name


def utcnow() -> Query:
    """Ask for the time in UTC with a time zone: `datetime.utcnow()` becomes `datetime.now(UTC)`."""
    pattern = "power< 'datetime' trailer< '.' name='utcnow' > trailer< '(' ')' > any* >"
    return Query().select(pattern).modify(_now_utc)


def warn() -> Query:
    """Call `logger.warn`, which is deprecated, by its name `logger.warning`."""
    pattern = "power< owner=('logger' | 'log' | 'logging') trailer< '.' name='warn' > trailer< '(' any* ')' > any* >"
    return Query().select(pattern).modify(_renamed("warning"))


def is_none() -> Query:
    """Compare with `None` by `is`: `x == None` becomes `x is None`."""
    return Query().select("comparison< any op='==' 'None' >").modify(_is)


def open_to_read() -> Query:
    """Leave out the mode that `open` has anyway: `open(f, "r")` becomes `open(f)`."""
    pattern = """power< 'open' trailer< '(' arglist< any comma=',' mode=("'r'" | '"r"') > ')' > any* >"""
    return Query().select(pattern).modify(_without_mode)


def _now_utc(node: LN, capture: Capture, filename: Filename) -> None:
    capture["name"].value = "now"
    node.children[2].insert_child(1, Name("UTC"))


def _renamed(name: str) -> Callable[[LN, Capture, Filename], None]:
    def rename(node: LN, capture: Capture, filename: Filename) -> None:
        capture["name"].value = name
        capture["name"].changed()

    return rename


def _is(node: LN, capture: Capture, filename: Filename) -> None:
    capture["op"].value = "is"
    capture["op"].changed()


def _without_mode(node: LN, capture: Capture, filename: Filename) -> None:
    for part in (capture["comma"], *capture["mode"]):
        part.remove()
