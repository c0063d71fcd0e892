"""Strings that patch, read as Python resolves them: also through a module that another module imports."""

from __future__ import annotations

from recanon.edit import Span
from recanon.index.facts import FileFacts
from recanon.propose.patch_strings import Patch
from recanon.propose.patch_strings import patches_of as direct_patches_of
from recanon.resolve.program import Program


def patches_of(facts: FileFacts, program: Program) -> list[Patch]:
    """Return the patching strings of a file, each with the module whose attribute is replaced in the end.

    `patch("app.views.services.fetch")`, where `app.views` imports the module `app.services`, replaces
    `app.services.fetch`.

    Args:
        facts: the file.
        program: the whole program.
    """
    return [_last(patch, program) for patch in direct_patches_of(facts, program)]


def _last(patch: Patch, program: Program) -> Patch:
    seen = {patch.module}
    while patch.rest:
        symbol = program.resolve(patch.module, patch.name).symbol
        if symbol is None or symbol.kind != "module" or symbol.module in seen:
            break
        seen.add(symbol.module)
        start = patch.span.end + 1
        span = Span(start, start + len(patch.rest[0]))
        patch = Patch(patch.text, symbol.module, patch.rest[0], span, patch.rest[1:])
    return patch
