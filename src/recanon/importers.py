"""Who imports a module, over the whole tree: read from the import lines alone, so that every file can be looked at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from recanon.overlay import Overlay
from recanon.resolve.names import ModuleMap, module_name

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(?P<origin>\.*[\w.]*)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n#]*)"
    rb"|import[ \t]+(?P<modules>[\w., \t]+))",
    re.MULTILINE,
)
_COMMENT = re.compile(rb"#[^\n]*")


def importers(overlay: Overlay, modules: ModuleMap) -> dict[str, frozenset[str]]:
    """Return the files that import each module of a tree, at whatever level.

    An import within a string counts too, and one that is put together at run time does not.

    Args:
        overlay: the tree.
        modules: its modules.

    Returns:
        Paths by dotted module name; a module that nobody imports is not in it.
    """
    source_root = "src/__init__.py" not in overlay.files
    found: dict[str, set[str]] = defaultdict(set)
    for path in overlay.files:
        try:
            data = overlay.read(path)
        except OSError:
            continue
        for module in imported_modules(data, _package(path, source_root)):
            if module in modules.paths and modules.paths[module] != path:
                found[module].add(path)
    return {module: frozenset(paths) for module, paths in found.items()}


def imported_modules(data: bytes, package: str) -> Iterator[str]:
    """Yield what the import lines of a file may import; a name that is imported may be a module.

    Args:
        data: the bytes of the file.
        package: the package that relative imports start from.
    """
    for match in _IMPORT.finditer(data):
        if match["modules"] is not None:
            for part in match["modules"].decode("ascii", "replace").split(","):
                yield part.split()[0] if part.split() else ""
            continue
        origin = _absolute(match["origin"].decode("ascii", "replace"), package)
        yield origin
        for part in _COMMENT.sub(b"", match["names"]).strip(b"() \t\r\n").split(b","):
            words = part.decode("ascii", "replace").split()
            if words:
                yield f"{origin}.{words[0]}"


def _package(path: str, source_root: bool) -> str:
    module = module_name(path, source_root)
    return module if path.endswith("__init__.py") else module.rpartition(".")[0]


def _absolute(origin: str, package: str) -> str:
    """Return what a relative module name denotes (PEP 328): each dot behind the first goes one package up."""
    name = origin.lstrip(".")
    dots = len(origin) - len(name)
    if not dots:
        return origin
    parts = package.split(".")
    base = ".".join(parts[: len(parts) - dots + 1])
    return f"{base}.{name}" if name else base
