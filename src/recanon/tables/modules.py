"""A module that became another one: its names are imported from there."""

from __future__ import annotations

from recanon.codemod import Answer, Rewrite, left, manual
from recanon.migration import OldModule
from recanon.outcome import Verdict
from recanon.sites import Site


def module_answer(site: Site, module: OldModule) -> Answer:
    """Answer for a name imported from an old module.

    Args:
        site: the import.
        module: the table of the module.
    """
    if site.kind != "import" or site.name is None:
        return left("not an import", "other name of an old module")
    name, target = site.name.name, f"{module.becomes}.{site.name.name}"
    if module.verdict is Verdict.LEFT:
        return left(module.reason or "stays on purpose", "stays on purpose")
    if module.verdict is Verdict.MANUAL:
        return manual(module.reason or "the pack leaves it to a person", module.advice, "left to a person")
    if site.target.symbol is None:
        return manual(f"{module.becomes} has no {name}", "Say where it comes from now.", "not in the new module")
    if site.imported and "def" not in site.guards and "if:TYPE_CHECKING" not in site.guards:
        return manual(
            f"{module.becomes} imports this module: importing from it here would make or keep an import cycle",
            "Leave the import, or move what both modules need into a third one.",
            "imported by the target module",
        )
    if site.expects_failure:
        return manual(
            "imported in a block that watches for warnings or failures",
            "Decide what the test shall see of the new module.",
            "import under test",
        )
    return _moved(site, module, target)


def _moved(site: Site, module: OldModule, target: str) -> Answer:
    reason = module.reason or f"imported from {module.becomes}"
    found = site.origin
    known = found.symbol is not None and site.target.symbol is not None
    outside = module.path.partition(".")[0] in site.migration.libraries
    if known and not outside and not found.denotes(site.target):
        return Rewrite(
            target,
            f"{module.becomes} has one of that name, which is another object",
            Verdict.REVIEW,
            hint=module.advice or "See that both do the same.",
            group="another object of that name",
        )
    return Rewrite(target, reason, module.verdict, hint=module.advice)
