"""Run the autofix of a Fixit rule on one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from recanon.engines.foreign import Rewritten, installed
from recanon.engines.libcst_command import parsed_module
from recanon.errors import UsageError

if TYPE_CHECKING:
    from fixit import LintRule


class FixitRule:
    """A rule, ready to run on the files of a tree.

    Args:
        module: the module that holds it, or a package that does.
        name: its name.
        root: the tree.

    Raises:
        UsageError: Fixit is not installed, there is no such rule, or it has no autofix.
    """

    def __init__(self, module: str, name: str, root: Path) -> None:
        installed("fixit", "fixit")
        self.root = root
        self.rule = load_rule(module, name)

    def __call__(self, path: str, data: bytes) -> Rewritten:
        """Run it on one file; violations that have no autofix are warnings.

        Raises:
            DeclinedError: LibCST cannot read the file, or would not give it back as it is.
        """
        from fixit.engine import LintRunner
        from fixit.ftypes import Config

        parsed_module(data)
        file = self.root / path
        runner = LintRunner(file, data)
        found = list(runner.collect_violations([self.rule()], Config(path=file, root=self.root)))
        warnings = tuple(
            f"line {violation.range.start.line}: {violation.message}"
            for violation in found
            if not violation.replacement
        )
        return Rewritten(runner.apply_replacements(found).bytes, warnings)


def load_rule(module: str, name: str) -> type[LintRule]:
    """Import a rule, as Fixit's own configuration names it.

    Raises:
        UsageError: there is none of that name, or it has no autofix.
    """
    from fixit.config import CollectionError, find_rules
    from fixit.ftypes import QualifiedRule

    try:
        found = next(iter(find_rules(QualifiedRule(module, name))), None)
    except CollectionError as exc:
        raise UsageError(
            str(exc.args[0] if exc.args else exc), "Install its package beside recanon, or name its folder with --path."
        ) from exc
    if found is None:
        raise UsageError(f"{module} holds no rule {name}", "Check the name.")
    if not found.AUTOFIX:
        raise UsageError(f"{module}:{name} has no autofix", "Nothing in its examples shows a replacement.")
    return found
