"""Whether a tree is the one that a pack and its options speak of: it has one of the canonical modules."""

from __future__ import annotations

from recanon.errors import UsageError
from recanon.pack import Pack
from recanon.resolve.names import ModuleMap


def check_options(pack: Pack, modules: ModuleMap) -> None:
    """Stop where a tree that has old names has no canonical module: the options name another tree.

    Args:
        pack: the pack.
        modules: those of a tree with a mention of the old API.

    Raises:
        UsageError: no canonical module of the pack is in the tree.
    """
    missing = _missing(pack, modules)
    if missing:
        raise UsageError(
            f"the tree has no module {missing}, the canonical one of pack {pack.info.id}",
            f"Check the pack's options ({_options(pack)}), or the folder.",
        )


def check_right_tree(pack: Pack, modules: ModuleMap) -> None:
    """Stop where a tree that holds no mention has no canonical module either: it is another tree, not a finished one.

    Args:
        pack: the pack.
        modules: those of a tree without a mention of the old API.

    Raises:
        UsageError: no canonical module of the pack is in the tree.
    """
    missing = _missing(pack, modules)
    if missing:
        raise UsageError(
            f"the tree has no module {missing}, and no mention of the old API",
            f"Is it the right folder? Check it, or the pack's options ({_options(pack)}).",
        )


def _missing(pack: Pack, modules: ModuleMap) -> str:
    """Return the first canonical module where none of them is in the tree, else ""."""
    libraries = pack.migration.libraries
    known = (path for path in pack.migration.canonical.values() if path.partition(".")[0] not in libraries)
    wanted = sorted({path.rpartition(".")[0] for path in known})
    return "" if any(module in modules.paths for module in wanted) else next(iter(wanted), "")


def _options(pack: Pack) -> str:
    return ", ".join(f"--set {name}={value}" for name, value in pack.migration.options.items())
