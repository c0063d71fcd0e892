"""`not x in y` becomes `x not in y`, as a query of Bowler."""

from __future__ import annotations

from bowler import LN, Capture, Filename, Query
from fissix.pytree import Leaf

SHAPE = "not_test< 'not' comparison=comparison< any op='in' any > >"


def not_in() -> Query:
    """Write the negation where it belongs."""
    return Query().select(SHAPE).modify(_rewrite)


def _rewrite(node: LN, capture: Capture, filename: Filename) -> None:
    comparison, op = capture["comparison"], capture["op"]
    if "#" in comparison.prefix:
        return
    op.replace([Leaf(op.type, "not", prefix=op.prefix), Leaf(op.type, "in", prefix=" ")])
    comparison.remove()
    comparison.prefix = node.prefix
    node.replace(comparison)
