"""In which phase a place is rewritten."""

from __future__ import annotations

from recanon.migration import Migration
from recanon.propose.judged import Judged
from recanon.resolve.program import Program
from recanon.sites import FileContext


def phase_of(migration: Migration, program: Program, context: FileContext, judged: Judged) -> str:
    """Return the phase of a place: the one of its codemod, else the one of its facade's importers, else of its file.

    Args:
        migration: the migration.
        program: the whole program.
        context: the file.
        judged: the place.
    """
    for phase in migration.phases:
        if judged.codemod in phase.codemods or (phase.importers and is_from_facade(program, judged)):
            return phase.id
    return context.phase


def is_from_facade(program: Program, judged: Judged) -> bool:
    """Return whether a place takes an old name from a facade.

    A facade lists the name in its `__all__`, and is a package, or a module that does not define the name itself.
    """
    if judged.symbol is None or judged.binding is None or not judged.origin.chain:
        return False
    module, _, name = judged.origin.chain[0].partition(":")
    facts = program.module_facts(module)
    if facts is None or not any(export.name == name for export in facts.exports or ()):
        return False
    defined = judged.origin.symbol is not None and judged.origin.symbol.module == module
    return not defined or program.modules.paths[module].endswith("__init__.py")
