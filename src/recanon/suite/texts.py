"""The texts of a suite: templates of the pack filled, files of recanon that travel along, laid out by ruff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template

from recanon.errors import PackError, RecanonError
from recanon.verify.ruff import run_ruff

_COPIES = ("canonical_rules.py", "canonical_way.py", "canonical_tree.py")
_SUFFIX = ".template"


def suite_texts(folder: Path, words: Mapping[str, str]) -> dict[str, str]:
    """Return the Python files of a suite by name.

    Args:
        folder: the templates.
        words: what they can ask for.

    Raises:
        PackError: a template is missing, cannot be read or filled, or makes no Python.
    """
    safe = {name: in_docstring(text) for name, text in words.items()}
    texts = filled(read_templates(folder), safe) | copies()
    return {name: formatted(name, text) if name.endswith(".py") else text for name, text in texts.items()}


def read_templates(folder: Path) -> dict[str, Template]:
    """Read the templates of a pack, by the name of the file that each becomes.

    Raises:
        PackError: there is none, or one cannot be read.
    """
    found: dict[str, Template] = {}
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            found[path.name.removesuffix(_SUFFIX)] = Template(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as exc:
            raise PackError(f"the template {path.name} cannot be read: {exc}") from exc
    if not found:
        raise PackError(f"the folder {folder.name} of the pack holds no *{_SUFFIX}", "Add one, or take [suite] out.")
    return found


def filled(templates: Mapping[str, Template], words: Mapping[str, str]) -> dict[str, str]:
    """Fill templates.

    Raises:
        PackError: one asks for a word that is unknown, or has a lone `$`.
    """
    texts: dict[str, str] = {}
    for name, template in templates.items():
        try:
            texts[name] = template.substitute(words)
        except (KeyError, ValueError) as exc:
            raise PackError(
                f"the template {name}{_SUFFIX} cannot be filled: {exc}",
                f"It can ask for {', '.join(f'${word}' for word in words)}; a lone $ is written $$.",
            ) from exc
    return texts


def in_docstring(text: str) -> str:
    """Return a text that stands for itself between triple quotes."""
    return json.dumps(text)[1:-1]


def copies() -> dict[str, str]:
    """Return the files of recanon that travel in every suite, where they import each other as neighbours."""
    folder = Path(__file__).parent
    return {name: (folder / name).read_text("utf-8").replace("from recanon.suite.", "from .") for name in _COPIES}


def formatted(name: str, text: str) -> str:
    """Lay a text out as ruff does without configuration.

    Raises:
        PackError: it is no Python.
    """
    done = run_ruff("format", "--stdin-filename", name, "-", text=text.encode())
    if done.returncode == 2:
        raise PackError(f"the template of {name} makes no Python: {done.stderr.decode(errors='replace')[:300]}")
    if done.returncode:
        raise RecanonError(f"ruff failed: {done.stderr.decode(errors='replace')[:300]}", "Is ruff installed?")
    return done.stdout.decode()
