"""Import statements: names taken out, moved to another module, added; comments and layout stay where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

LINE = 100
Whitespace = cst.BaseParenthesizableWhitespace


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """A name that a file needs: `from module import name as asname`."""

    module: str
    name: str
    asname: str = ""

    @property
    def bound(self) -> str:
        """The local name."""
        return self.asname or self.name

    @classmethod
    def of(cls, path: str, asname: str = "") -> Wanted:
        """Return the import of a full dotted name; an alias equal to the name is none."""
        module, _, name = path.rpartition(".")
        return cls(module, name, "" if asname == name else asname)


def statement_for(wanted: Iterable[Wanted], indent: str = "", newline: str = "\n") -> list[str]:
    """Return import statements for the names, one a module, each name once; long ones in parentheses.

    Args:
        wanted: the names.
        indent: white space before the statement, for the lines within parentheses.
        newline: the newline of the file.
    """
    by_module: dict[str, list[Wanted]] = {}
    for item in wanted:
        names = by_module.setdefault(item.module, [])
        if item not in names:
            names.append(item)
    return [_laid(module, [_spelled(name) for name in names], indent, newline) for module, names in by_module.items()]


def _laid(module: str, names: list[str], indent: str, newline: str) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(indent) + len(line) <= LINE or len(names) == 1:
        return line
    return newline.join([f"from {module} import (", *(f"{indent}    {name}," for name in names), f"{indent})"])


def _spelled(wanted: Wanted) -> str:
    return f"{wanted.name} as {wanted.asname}" if wanted.asname else wanted.name


def without_names(node: cst.ImportFrom, drop: Sequence[int]) -> cst.ImportFrom:
    """Return the statement without some of its names; comments on lines of their own stay.

    Args:
        node: a statement with a list of names.
        drop: places of the names to be taken out; at least one name must stay.
    """
    aliases = _aliases(node)
    slots = _slots(node, aliases)
    trailing = isinstance(aliases[-1].comma, cst.Comma)
    kept: list[cst.ImportAlias] = []
    between: list[Whitespace] = [slots[0]]
    for place, alias in enumerate(aliases):
        if place in drop:
            between[-1] = _joined(between[-1], slots[place + 1])
        else:
            kept.append(alias)
            between.append(slots[place + 1])
    return _laid_out(node, kept, between, trailing)


def with_names(node: cst.ImportFrom, wanted: Sequence[Wanted]) -> cst.ImportFrom:
    """Return the statement with further names at its end, laid out like the last one."""
    aliases = _aliases(node)
    slots = _slots(node, aliases)
    trailing = isinstance(aliases[-1].comma, cst.Comma)
    wrapped = isinstance(slots[-2], cst.ParenthesizedWhitespace)
    step: Whitespace = (
        slots[-2].with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
        if wrapped
        else cst.SimpleWhitespace(" ")
    )
    between = slots[:-1]
    for item in wanted:
        aliases.append(alias_for(item))
        between.append(step)
    return _laid_out(node, aliases, [*between, slots[-1]], trailing)


def moved(node: cst.ImportFrom, module: str, names: Sequence[Wanted | None]) -> cst.ImportFrom:
    """Return the statement with another module and other names, each in the place of the old one.

    Args:
        node: a statement with a list of names.
        module: dotted name of the new module.
        names: the new name for each old one; None takes it out.
    """
    aliases = [
        alias_for(new).with_changes(comma=old.comma) if new is not None else old
        for old, new in zip(_aliases(node), names, strict=True)
    ]
    renamed = node.with_changes(module=dotted(module), relative=[], names=aliases)
    if not node.relative or node.module is not None:
        renamed = renamed.with_changes(whitespace_after_from=cst.SimpleWhitespace(" "))
    drop = [place for place, new in enumerate(names) if new is None]
    return without_names(renamed, drop) if drop else renamed


def exchanged(node: cst.ImportFrom, names: Mapping[int, Wanted | None]) -> cst.ImportFrom:
    """Return the statement with other names at some places; None leaves the one that is there."""
    aliases = [
        alias_for(new).with_changes(comma=old.comma) if (new := names.get(place)) is not None else old
        for place, old in enumerate(_aliases(node))
    ]
    return node.with_changes(names=aliases)


def alias_for(wanted: Wanted) -> cst.ImportAlias:
    """Return the name as LibCST has it in an import."""
    asname = cst.AsName(name=cst.Name(wanted.asname)) if wanted.asname else None
    return cst.ImportAlias(name=cst.Name(wanted.name), asname=asname)


def dotted(module: str) -> cst.Attribute | cst.Name:
    """Return a dotted name as LibCST has it."""
    node = cst.parse_expression(module)
    assert isinstance(node, (cst.Attribute, cst.Name))
    return node


def _aliases(node: cst.ImportFrom) -> list[cst.ImportAlias]:
    assert not isinstance(node.names, cst.ImportStar)
    return list(node.names)


def _slots(node: cst.ImportFrom, aliases: Sequence[cst.ImportAlias]) -> list[Whitespace]:
    """The white space before the first name, between the names and after the last one."""
    slots: list[Whitespace] = [node.lpar.whitespace_after if node.lpar else cst.SimpleWhitespace("")]
    for alias in aliases:
        comma = alias.comma
        slots.append(comma.whitespace_after if isinstance(comma, cst.Comma) else cst.SimpleWhitespace(""))
    if node.rpar and not isinstance(aliases[-1].comma, cst.Comma):
        slots[-1] = node.rpar.whitespace_before
    return slots


def _joined(before: Whitespace, after: Whitespace) -> Whitespace:
    """White space around a name that goes: line breaks and comments on lines of their own stay."""
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return after
    return after.with_changes(first_line=before.first_line, empty_lines=[*before.empty_lines, *after.empty_lines])


def _laid_out(
    node: cst.ImportFrom, aliases: Sequence[cst.ImportAlias], between: Sequence[Whitespace], trailing: bool
) -> cst.ImportFrom:
    laid: list[cst.ImportAlias] = []
    last = len(aliases) - 1
    for place, alias in enumerate(aliases):
        if place == last and not trailing:
            laid.append(alias.with_changes(comma=cst.MaybeSentinel.DEFAULT))
            continue
        before = alias.comma.whitespace_before if isinstance(alias.comma, cst.Comma) else cst.SimpleWhitespace("")
        laid.append(alias.with_changes(comma=cst.Comma(before, between[place + 1])))
    changed = node.with_changes(names=laid)
    if node.lpar:
        changed = changed.with_changes(lpar=node.lpar.with_changes(whitespace_after=between[0]))
    if node.rpar and not trailing:
        changed = changed.with_changes(rpar=node.rpar.with_changes(whitespace_before=between[-1]))
    return changed
