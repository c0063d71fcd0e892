"""`not x in y` becomes `x not in y`, as a command of LibCST."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m
from libcst.codemod import VisitorBasedCodemodCommand

SHAPE = m.UnaryOperation(
    operator=m.Not(), expression=m.Comparison(comparisons=[m.ComparisonTarget(operator=m.In())], lpar=[])
)


class NotIn(VisitorBasedCodemodCommand):
    """Write the negation where it belongs."""

    DESCRIPTION = "`not x in y` becomes `x not in y`"

    def leave_UnaryOperation(
        self, original_node: cst.UnaryOperation, updated_node: cst.UnaryOperation
    ) -> cst.BaseExpression:
        comparison = updated_node.expression
        if not m.matches(updated_node, SHAPE) or not isinstance(comparison, cst.Comparison):
            return updated_node
        [target] = comparison.comparisons
        if not isinstance(target.operator, cst.In) or "#" in self.module.code_for_node(updated_node.operator):
            return updated_node
        around = target.operator
        operator = cst.NotIn(whitespace_before=around.whitespace_before, whitespace_after=around.whitespace_after)
        comparisons = [target.with_changes(operator=operator)]
        return comparison.with_changes(comparisons=comparisons, lpar=updated_node.lpar, rpar=updated_node.rpar)
