"""Searches in the bytes of files: cheap, and blind to what the text means, so that nothing is missed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from recanon.overlay import Overlay
from recanon.resolve.program import Program


def mentions_in_bytes(program: Program, path: str, module: str, name: str, own: bool = False) -> bool:
    """Return whether a file's bytes hold both a module's dotted path and a name.

    Args:
        program: the whole program.
        path: the file.
        module: the dotted path; of the file's own module `__name__` is another spelling.
        name: the name.
        own: whether it is the file's own module.
    """

    def found() -> bool:
        data = program.overlay.read(path)
        return name.encode() in data and (os.fsencode(module) in data or (own and b"__name__" in data))

    try:
        return program.once(("mentions", path, module, name, str(own)), found)
    except OSError:
        return False


def identifiers(overlay: Overlay, names: frozenset[str]) -> Iterator[tuple[str, bytes, frozenset[str]]]:
    """Yield path, bytes and identifiers of each file whose bytes hold one of the names."""
    looked_for = [name.encode() for name in names]
    for path in overlay.files:
        try:
            data = overlay.read(path)
        except OSError:
            continue
        if any(name in data for name in looked_for):
            yield path, data, frozenset(re.findall(r"\w+", data.decode("utf-8", "replace")))


def importers_of(overlay: Overlay, module: str, name: str) -> Iterator[str]:
    """Yield the files whose bytes name a module and seem to take a name from it.

    They import it from a module of that last name, have it as an attribute of something, or in quotes.
    """
    first = name.partition(".")[0]
    bound, leaf = re.escape(first), re.escape(module.rpartition(".")[2])
    listed = rf"\s*\([^)]*\b{bound}\b|(?:[^\n(\\]|\\\s*\n)*\b{bound}\b|\s*\*"
    taken = re.compile(os.fsencode(rf"\b{leaf}\s+import\b(?:{listed})|\.\s*{bound}\b|['\"]{bound}\b"))
    for path in overlay.files:
        try:
            data = overlay.read(path)
        except OSError:
            continue
        if first.encode() in data and data_names_module(data, module) and taken.search(data):
            yield path


def quotes(program: Program, path: str, name: str) -> bool:
    """Return whether a file's bytes hold a name in quotes, perhaps as the end of a path."""
    try:
        data = program.overlay.read(path)
    except OSError:
        return True
    return bool(re.search(rb"(['\"])(?:[^'\"\n]*\.)?" + re.escape(name.encode()) + rb"\1", data))


def imports_module(program: Program, path: str, module: str) -> bool:
    """Return whether a file's bytes hold a module's dotted path, or import the module from its package."""

    def found() -> bool:
        data = program.overlay.read(path)
        package, _, leaf = module.rpartition(".")
        pattern = rf"from\s+(?:{re.escape(package)}|\.+)\s+import\b(?:\s*\([^)]*|[^#\n]*)\b{re.escape(leaf)}\b"
        return os.fsencode(module) in data or (
            os.fsencode(leaf) in data and bool(re.search(os.fsencode(pattern), data))
        )

    try:
        return program.once(("imports", path, module), found)
    except OSError:
        return False


def names_module(program: Program, path: str, module: str) -> bool:
    """Return whether an import or a dotted path in a file's bytes names a module by its last part alone.

    Raises:
        OSError: the file cannot be read.
    """
    return program.once(("names", path, module), lambda: data_names_module(program.overlay.read(path), module))


def data_names_module(data: bytes, module: str) -> bool:
    """Return what `names_module` does, of bytes that were read already."""
    leaf = os.fsencode(module.rpartition(".")[2])
    return (
        bool(leaf)
        and leaf in data
        and bool(re.search(rb"(?:\b(?:from|import)\b(?:[^\n(]*\([^)]*|[^\n]*)|\.)\b" + leaf + rb"\b", data))
    )
