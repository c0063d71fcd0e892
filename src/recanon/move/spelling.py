"""How a module is written in an import: relative where the statement was and where it can be."""

from __future__ import annotations


def spelled(module: str, package: str, *, relative: bool) -> str:
    """Return how a file names a module in a `from` import.

    Args:
        module: the absolute dotted module.
        package: the package that relative imports of the file start from.
        relative: whether the statement has dots.
    """
    if not relative or not package:
        return module
    base, target = package.split("."), module.split(".")
    if base[0] != target[0]:
        return module
    common = 0
    while common < min(len(base), len(target)) and base[common] == target[common]:
        common += 1
    dots = "." * (len(base) - common + 1)
    return dots + ".".join(target[common:])


def name_as(name: str, bound: str) -> str:
    """Return how a name is written in an import that binds a local name."""
    return name if name == bound else f"{name} as {bound}"
