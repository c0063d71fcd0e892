"""The twin of the Bowler query `warn` as a LibCST command: `--path docs/examples libcst:renamed_warn.Warn`."""

import libcst as cst
import libcst.matchers as m
from libcst.codemod import VisitorBasedCodemodCommand

OWNER = m.Name("logger") | m.Name("log") | m.Name("logging")
CALL = m.Call(func=m.Attribute(OWNER, m.Name("warn")))


class Warn(VisitorBasedCodemodCommand):
    """Call `logger.warn`, which is deprecated, by its name `logger.warning`."""

    DESCRIPTION = "logger.warn() becomes logger.warning()"

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if not m.matches(updated_node, CALL):
            return updated_node
        return updated_node.with_deep_changes(updated_node.func, attr=cst.Name("warning"))
