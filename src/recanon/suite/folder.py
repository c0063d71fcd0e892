"""The folder of a suite: a manifest with the digests of its files tells its own from others, and later edits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path

from recanon.errors import UsageError

MANIFEST = "manifest.json"


def check_suite_folder(folder: Path, *, force: bool) -> None:
    """Say at once that a suite cannot be written to a folder: it is another's, or was edited by hand.

    Args:
        folder: where the suite shall go; it need not be there.
        force: whether files may be overwritten all the same.

    Raises:
        UsageError: it is no folder, lies in none, holds other things and no suite, or holds an edited suite.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"-o {folder} is a file", "Give the name of a folder.")
    if not folder.parent.is_dir():
        raise UsageError(f"-o {folder}: there is no folder {folder.parent}", "Make the folder, or choose another.")
    name = folder.resolve().name
    if not name.isidentifier() or iskeyword(name):
        raise UsageError(f"-o {folder}: {name} cannot be the name of a package", "Use letters, digits and underscores.")
    if folder.is_dir() and not force:
        _check_untouched(folder)


def with_manifest(folder: Path, files: Mapping[str, str], *, force: bool) -> dict[str, bytes]:
    """Return the bytes of a suite's files and of its manifest, by which later edits are known.

    Args:
        folder: where they shall go, as checked.
        files: the texts by file name.
        force: whether files that are not of a suite may be overwritten.

    Raises:
        UsageError: a file is not of the suite that lies there.
    """
    known = _digests(folder) or {}
    for name in files:
        if not force and name not in known and (folder / name).exists():
            raise UsageError(f"{folder / name} is not of this suite", "Move it, or --force to overwrite it.")
    texts = {name: text.encode() for name, text in files.items()}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in texts.items()}
    manifest = {"schema": "recanon/suite/1", "sha256": digests}
    return {**texts, MANIFEST: (json.dumps(manifest, indent=1) + "\n").encode()}


def _check_untouched(folder: Path) -> None:
    digests = _digests(folder)
    others = sorted(path.name for path in folder.iterdir() if path.name != "__pycache__")
    if others and digests is None:
        raise UsageError(
            f"-o {folder} is not empty and holds no suite of recanon: {', '.join(others[:3])}",
            "Choose an empty folder, or --force to write beside what is there.",
        )
    edited = sorted(name for name, digest in (digests or {}).items() if _edited(folder / name, digest))
    if edited:
        raise UsageError(
            f"edited since recanon wrote it: {', '.join(str(folder / name) for name in edited)}",
            "Move what you changed elsewhere, or choose another folder; --force overwrites it.",
        )


def _digests(folder: Path) -> dict[str, str] | None:
    """Return the digests of the suite in a folder, or None where there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        return {str(name): str(digest) for name, digest in found["sha256"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _edited(path: Path, digest: str) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != digest
