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


def assert_equals() -> Query:
    """Call `assertEquals`, gone since Python 3.12, by its name `assertEqual`."""
    pattern = "power< 'self' trailer< '.' name='assertEquals' > trailer< '(' any* ')' > any* >"
    return Query().select(pattern).modify(_renamed("assertEqual"))


def exists() -> Query:
    """Rename the function `check_exists` and all its calls."""
    return Query().select_function("check_exists").rename("exists")


def _now_utc(node: LN, capture: Capture, filename: Filename) -> None:
    capture["name"].value = "now"
    node.children[2].insert_child(1, Name("UTC"))


def _renamed(name: str) -> Callable[[LN, Capture, Filename], None]:
    def rename(node: LN, capture: Capture, filename: Filename) -> None:
        capture["name"].value = name
        capture["name"].changed()

    return rename
