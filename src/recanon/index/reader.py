"""From the text of a candidate file to its facts."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from recanon.errors import SourceError
from recanon.index.blocks import inner_blocks
from recanon.index.expressions import Walk
from recanon.index.facts import FileFacts, ModuleFacts
from recanon.index.mentions import Triggers, find_mentions
from recanon.index.modules import absolute_module, read_module
from recanon.index.receivers import Evidence, Receiver, read_receivers
from recanon.index.signs import docstring_of, read_signs
from recanon.index.walker import Walker
from recanon.source import Source, occurrences


def parse(source: Source) -> ast.Module:
    """Parse a file with the running Python.

    Raises:
        SourceError: it does not parse; the message holds the position.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text, filename=source.path)
    except SyntaxError as exc:
        raise SourceError(
            f"{source.path}:{exc.lineno or 1}:{exc.offset or 1}: {exc.msg}",
            "Mend the syntax, or run recanon under a Python that can read it.",
        ) from exc
    except (ValueError, RecursionError, MemoryError) as exc:
        raise SourceError(f"{source.path}: Python cannot parse it: {type(exc).__name__}: {exc}") from exc


@contextmanager
def shallow(path: str) -> Iterator[None]:
    """Read a file as far as Python can follow it.

    Args:
        path: the file, for the message.

    Raises:
        SourceError: it is nested so deep that the reading would overflow.
    """
    try:
        yield
    except RecursionError as exc:
        raise SourceError(f"{path}: it is nested too deep to be read", "Take long chains in it apart.") from exc


def read_file(source: Source, module: str, is_package: bool, triggers: Triggers) -> FileFacts:
    """Read the facts of one candidate file.

    Raises:
        SourceError: it does not parse, or is nested too deep.
    """
    with shallow(source.path):
        return _read_file(source, module, is_package, triggers)


def _read_file(source: Source, module: str, is_package: bool, triggers: Triggers) -> FileFacts:
    tree = parse(source)
    words = triggers.members | triggers.successors
    concerned = any(word in source.text for word in words | triggers.owners)
    receivers, classes = read_receivers(source, tree, triggers.members if concerned else frozenset(), words)
    walk = _walk(source, tree, module, is_package, triggers, _named_in(receivers, classes))
    heads = [s.module_span for s in walk.imports if s.is_from]
    named = any(word in source.text for word in triggers.words)
    defined = None if triggers.members else triggers.words | triggers.watched
    mentions = find_mentions(source, triggers, walk.code, walk.fstrings, heads, sorted(walk.statements))
    return FileFacts(
        path=source.path,
        module=module,
        module_facts=read_module(source, tree, module, is_package, defined),
        scopes=tuple(walk.scopes),
        imports=tuple(walk.imports),
        bindings=tuple(walk.bindings),
        uses=tuple(walk.uses),
        texts=tuple(walk.texts),
        aliases=tuple(walk.aliases),
        mentions=mentions,
        signs=read_signs(source.text, walk.texts, walk.imports, triggers) if named else frozenset(),
        docstring=docstring_of(tree),
        receivers=receivers,
        classes=classes,
    )


def read_module_facts(source: Source, module: str, is_package: bool) -> ModuleFacts:
    """Read only what a module binds at its top level.

    Raises:
        SourceError: it does not parse, or is nested too deep.
    """
    with shallow(source.path):
        return read_module(source, parse(source), module, is_package)


def _named_in(receivers: Sequence[Receiver], classes: Sequence[Evidence]) -> frozenset[str]:
    """Return the first names of what says of which class an object is, and of the bases of classes."""
    every = (*(said for item in receivers for said in item.evidence), *classes)
    dotted = (name for said in every for name in (said.dotted, *said.bases))
    return frozenset(name.partition(".")[0] for name in dotted) - {"?"}


def _walk(
    source: Source, tree: ast.Module, module: str, is_package: bool, triggers: Triggers, named: frozenset[str]
) -> Walk:
    """Walk again as long as an alias adds a word to look for; each round adds at least one, so it ends."""
    words = triggers.words | triggers.watched | named
    lines = _lines_of_paths(source, triggers) | _lines_of(source, words)
    more = imported_words(tree, triggers, sorted(lines), lambda node: absolute_module(module, is_package, node))
    while True:
        lines |= _lines_of(source, more - words)
        words |= more
        walker = Walker(source, module, is_package, words=words, triggers=triggers, lines=sorted(lines))
        walk = walker.run(tree)
        more = _local_words(walk, triggers)
        if more <= words:
            return walk


def imported_words(
    tree: ast.Module, triggers: Triggers, lines: Sequence[int], absolute: Callable[[ast.ImportFrom], str]
) -> set[str]:
    """Return the local names that imports of the old API bind, from a pass over the import statements alone.

    Args:
        tree: the module.
        triggers: what to look for.
        lines: sorted numbers of the lines that hold a trigger.
        absolute: gives the absolute module of a `from` import.
    """
    found: set[str] = set()
    blocks: list[Sequence[ast.stmt]] = [tree.body]
    while blocks:
        for node in blocks.pop():
            place = bisect_left(lines, node.lineno)
            if place == len(lines) or lines[place] > (node.end_lineno or node.lineno):
                continue
            if isinstance(node, ast.ImportFrom):
                old = absolute(node) in triggers.modules | triggers.targets
                found |= {a.asname or a.name for a in node.names if old or a.name in triggers.words | triggers.owners}
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                blocks.append(node.body)
            else:
                blocks.extend(body for _, body in inner_blocks(node))
    return found - {"*"}


_REACHING = {"patch attribute", "patch keyword", "attribute", "keyword", "argument"}


def _local_words(walk: Walk, triggers: Triggers) -> set[str]:
    """Return the local names that stand for an old name or come from an old module."""
    found: set[str] = set()
    for statement in walk.imports:
        for name in statement.names:
            from_old = statement.module in triggers.modules | triggers.targets
            submodule = f"{statement.module}.{name.name}" in triggers.modules if statement.is_from else False
            if name.name in triggers.words | triggers.owners or from_old or submodule:
                found.add(name.bound)
            elif not statement.is_from and name.name in triggers.modules and name.asname:
                found.add(name.asname)
    for use in walk.uses:
        if use.root not in triggers.words and use.root.isidentifier():
            found.add(use.root)
    found |= {text.owner.partition(".")[0] for text in walk.texts if text.role in _REACHING}
    return found - {"*", "", "self", "cls"}


def _lines_of(source: Source, words: Iterable[str]) -> set[int]:
    """Return the lines that hold one of some words."""
    return {source.line_of(at) for word in words for at in occurrences(source.text, word)}


def _lines_of_paths(source: Source, triggers: Triggers) -> set[int]:
    """Return the lines that hold the path of a module that matters, or an import that may be from one."""
    found = _lines_of(source, triggers.paths | triggers.targets | {"import *"})
    return found | {source.line_of(match.start()) for match in _relative(triggers).finditer(source.text)}


def _relative(triggers: Triggers) -> re.Pattern[str]:
    """Find the heads of imports that name an old module without its full path."""
    leaves = {module.rpartition(".")[2] for module in triggers.modules}
    return re.compile(rf"from[ \t\\]+[\w. \t]*(?:\b(?:{'|'.join(sorted(map(re.escape, leaves)))})|\.)[ \t\\]+import\b")
