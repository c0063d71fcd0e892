"""Make a pack or a codemod to begin with. Nothing that is there is ever overwritten."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from recanon.errors import UsageError
from recanon.pack.finding import FILE, find_pack

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PACK = {
    "pack.toml": "pack/pack.toml.j2",
    "old_call.py": "codemod/codemod.py.j2",
    "world/app/__init__.py": "",
    "world/app/canonical.py": "pack/canonical.py.j2",
    "world/app/old.py": "codemod/old.py.j2",
    "tests/test_pack.py": "pack/test_pack.py.j2",
    "README.md": "pack/README.md.j2",
}
_WORDS = {"package": "app", "module": "old", "old": "old_call", "new": "new_call", "codemod": "old-call"}


def make_pack(name: str, folder: Path | None = None) -> tuple[Path, ...]:
    """Make a pack in a folder of its own, and return its files.

    Args:
        name: its id.
        folder: the folder, which must not be there or be empty; by default one of that name.

    Raises:
        UsageError: the name cannot be an id, or the folder holds something.
    """
    _check(name)
    folder = folder if folder is not None else Path(name.replace("-", "_"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already", "Choose another folder: nothing is overwritten.")
    words = {**_WORDS, "id": name, "folder": _shown(folder), "klass": "OldCall"}
    return _write(folder, {path: _text(template, words) for path, template in _PACK.items()})


def make_codemod(name: str, folder: Path) -> tuple[tuple[Path, ...], str]:
    """Make a codemod in a pack, with the old function that its examples call, and return its files.

    Args:
        name: its id.
        folder: of the pack.

    Returns:
        The files, and the tables that its description needs.

    Raises:
        UsageError: the name cannot be an id, a file is there already, or there is no pack in the folder.
        PackError: the description of the pack is wrong.
    """
    _check(name)
    find_pack(Path(folder))
    old = name.replace("-", "_")
    package = f"{old}_world"
    words = {"package": package, "module": "old", "old": old, "new": f"new_{old}", "codemod": name}
    words["klass"] = "".join(part.capitalize() for part in name.split("-"))
    files = {
        f"{old}.py": "codemod/codemod.py.j2",
        f"world/{package}/__init__.py": "",
        f"world/{package}/canonical.py": "pack/canonical.py.j2",
        f"world/{package}/old.py": "codemod/old.py.j2",
    }
    place = folder.parent if folder.name == FILE else folder
    made = _write(place, {path: _text(template, words) for path, template in files.items()})
    entry = f'[[symbol]]\nname = "{old}"\nhome = "{package}"\nbecomes = "{package}.canonical.new_{old}"\n'
    return made, f'{entry}codemod = "{name}"\n'


def _check(name: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise UsageError(
            f"{name!r} cannot be a name here", "Use small letters, digits and hyphens, as in one-clock; no keyword."
        )


def _write(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    paths = {folder / name: text for name, text in texts.items()}
    for path in paths:
        if path.exists() or path.is_symlink():
            raise UsageError(f"{path} is there already", "Choose another name: nothing is overwritten.")
    try:
        for path, text in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as exc:
        raise UsageError(f"{exc.filename} cannot be written: {exc.strerror}", "Choose another folder.") from exc
    return tuple(paths)


def _text(template: str, words: Mapping[str, str]) -> str:
    """Fill a template; an empty file has none."""
    if not template:
        return ""
    loader = PackageLoader("recanon.pack", "templates")
    maker = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return maker.get_template(template).render(words)


def _shown(folder: Path) -> str:
    """The folder as it is typed to `--pack`, which takes a bare word for an id."""
    return str(folder) if "/" in str(folder) or "_" in str(folder) else f"./{folder}"
