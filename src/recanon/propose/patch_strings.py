"""Strings that patch: which attribute of which module of the tree they name."""

from __future__ import annotations

from dataclasses import dataclass

from recanon.edit import Span
from recanon.index.facts import FileFacts, Text
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes


@dataclass(frozen=True, slots=True)
class Patch:
    """A string that names an attribute of a module.

    Args:
        text: the string.
        module: dotted module whose attribute is patched.
        name: the attribute.
        span: where the attribute's name stands in the file.
        rest: attributes behind it.
    """

    text: Text
    module: str
    name: str
    span: Span
    rest: tuple[str, ...] = ()


def patches_of(facts: FileFacts, program: Program) -> list[Patch]:
    """Return the patching strings of a file that name a module of the tree."""
    found = []
    scopes = FileScopes(facts, program)
    for text in facts.texts:
        if text.role == "patch target":
            patch = _target(text, program)
        elif text.role == "patch attribute":
            patch = _attribute(text, scopes)
        elif text.role == "patch keyword":
            patch = _keyword(text, scopes, program)
        else:
            continue
        if patch is not None:
            found.append(patch)
    return found


def _target(text: Text, program: Program) -> Patch | None:
    """Read a dotted path: what precedes the attribute is the longest part that is a module (`pkgutil.resolve_name`)."""
    parts = text.value.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:cut])
        if module in program.modules.paths:
            start = text.span.start + 1 + len(module) + 1
            return Patch(text, module, parts[cut], Span(start, start + len(parts[cut])), tuple(parts[cut + 1 :]))
    return None


def _attribute(text: Text, scopes: FileScopes) -> Patch | None:
    """Read `patch.object(module, "name")`, where the first argument is an imported module."""
    module = scopes.module_named(text.owner, text.scope)
    return Patch(text, module, text.value, Span(text.span.start + 1, text.span.end - 1)) if module else None


def _keyword(text: Text, scopes: FileScopes, program: Program) -> Patch | None:
    """Read `patch.multiple("module", name=...)`: the keyword is the attribute."""
    module = text.owner if text.owner in program.modules.paths else scopes.module_named(text.owner, text.scope)
    return Patch(text, module, text.value, text.span) if module else None
